// The tables `conference` and `conference_seat`. A conference is of a centre: statements take the
// scope.
#pragma once

#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/conferences/conference.h"

namespace ieum::casemgmt {

// A conference as it is shown.
struct ConferenceView {
  Conference conference;
  int agenda_items = 0;  // that were not withdrawn
  int64_t version = 0;
};

std::optional<ConferenceView> ReadConference(db::Tx& tx, const base::Scope& scope,
                                             const base::Uuid& id);
std::optional<Conference> FindConference(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id);
// False: the id is taken.
bool InsertConference(db::Tx& tx, const Conference& conference);
// The row and its seats.
void SaveConference(db::Tx& tx, const base::Scope& scope, const Conference& conference);

const filter::ListSpec& ConferenceList();
filter::Cursor ListConferences(db::Tx& tx, const filter::ListQuery& query,
                               std::vector<ConferenceView>* views);

}  // namespace ieum::casemgmt
