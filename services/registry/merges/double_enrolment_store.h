// Enrolments of one person in one campaign under two records.
#pragma once

#include <optional>
#include <vector>

#include "platform/db/tx.h"
#include "services/registry/enrolments/enrolment_store.h"

namespace ieum::registry {

// Two that exclude each other: one of each of two persons.
struct EnrolmentDouble {
  base::Uuid campaign_id;
  base::Uuid id, other_id;
  friend bool operator==(const EnrolmentDouble&, const EnrolmentDouble&) = default;
};
// By campaign.
std::vector<EnrolmentDouble> FindDoubles(db::Tx& tx, const base::Uuid& person,
                                         const base::Uuid& other);

// Writes down that a merge gave this enrolment up; those that it did, by campaign.
void NoteGivenUp(db::Tx& tx, const base::Uuid& merge, const base::Uuid& enrolment);
std::vector<EnrolmentPlace> FindGivenUp(db::Tx& tx, const base::Uuid& merge);
// What keeps this enrolment from being taken up again: another one that lives, which its person has
// asked for in the campaign since the merge. What the merge brought goes back and is none.
std::optional<base::Uuid> FindAskedSince(db::Tx& tx, const base::Uuid& merge,
                                         const base::Uuid& enrolment);
// The last step of an enrolment that a merge gave up was never taken.
void DropMergedStep(db::Tx& tx, const base::Uuid& enrolment);

}  // namespace ieum::registry
