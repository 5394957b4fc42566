// The rows of visits. The hours that consultants give to them stand in consultant_hours.h.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/engagements/consultant_hours.h"
#include "services/casemgmt/engagements/visit.h"

namespace ieum::casemgmt {

// A visit of a centre that the scope does not hold is as if it were not there.
std::optional<Visit> FindVisit(db::Tx& tx, const base::Scope& scope,
                               const base::Uuid& engagement_id, const base::Uuid& id);
// Of one engagement, whatever their state, in order of their ids.
std::vector<Visit> VisitsOf(db::Tx& tx, const base::Scope& scope, const base::Uuid& engagement_id);
// False when the id is taken.
bool InsertVisit(db::Tx& tx, const Visit& visit);
// Everything that can change.
void SaveVisit(db::Tx& tx, const base::Scope& scope, const Visit& visit);

// Gives the visit's hours to it, in place of those that it had. False as of TakeHours of any hours.
bool TakeHours(db::Tx& tx, const Visit& visit);

// A visit as it is shown.
struct VisitView {
  Visit visit;
  int64_t version = 0;  // of the engagement
};
std::optional<VisitView> ReadVisit(db::Tx& tx, const base::Scope& scope,
                                   const base::Uuid& engagement_id, const base::Uuid& id);

const filter::ListSpec& VisitList();
filter::Cursor ListVisits(db::Tx& tx, const filter::ListQuery& query,
                          std::vector<VisitView>* views);

}  // namespace ieum::casemgmt
