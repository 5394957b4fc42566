// Timelines as they are read: one list over the rows of every room, and the table `told_entry` of
// what casemgmt has told of.
#pragma once

#include <vector>

#include "absl/types/span.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/timelines/timeline.h"

namespace ieum::registry {

// Entries of all persons, or of all organizations, as `t`, the latest first. The door narrows them
// by `t.subject_id`, and to what the caller may see by `t.kind`, `t.centre_id` and, for one who
// acts for the organization of an affiliation, `t.organization_id`.
const filter::ListSpec& TimelineList(TimelineOf of);
TimelineRow ReadTimelineRow(const db::Row& row);

// Each event once, whoever tells it again.
void KeepTold(db::Tx& tx, const std::vector<ToldEntry>& entries);
// Entries of a shard behind a position have never happened.
void ForgetTold(db::Tx& tx, const std::string& producer, int shard, int64_t kept);

}  // namespace ieum::registry
