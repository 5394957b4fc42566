// The rows of activities, of what was counted without names, and of minutes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/activities/activity.h"
#include "services/casemgmt/activities/attendance.h"

namespace ieum::casemgmt {

// An activity of a centre that the scope does not hold is as if it were not there.
std::optional<Activity> FindActivity(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);
// False when the id is taken.
bool InsertActivity(db::Tx& tx, const Activity& activity);
// Everything that can change.
void SaveActivity(db::Tx& tx, const base::Scope& scope, const Activity& activity);
// Those that are part of it and can still be cancelled, in order of their ids.
std::vector<base::Uuid> OpenParts(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);

void InsertHeadcounts(db::Tx& tx, const base::Uuid& activity_id, int revision,
                      const std::vector<Headcount>& counts, absl::Time recorded);
// As counted last.
std::vector<Headcount> HeadcountsOf(db::Tx& tx, const Activity& activity);

struct Minutes {
  base::Uuid activity_id;
  int revision = 0;
  std::string text;
  absl::CivilDay published_day;
  absl::Time record_time;
};
void InsertMinutes(db::Tx& tx, const Minutes& minutes);
std::optional<Minutes> ReadMinutes(db::Tx& tx, const base::Scope& scope,
                                   const base::Uuid& activity_id, int revision);

// Whatever the plan says next is newer than what is known of it.
void ForgetPlanVersions(db::Tx& tx);

// An activity as it is shown.
struct ActivityView {
  Activity activity;
  ListCounts counts;
  std::vector<Headcount> headcounts;  // as counted last, by kind
  int64_t version = 0;
};
std::optional<ActivityView> ReadActivity(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id);

const filter::ListSpec& ActivityList();
filter::Cursor ListActivities(db::Tx& tx, const filter::ListQuery& query,
                              std::vector<ActivityView>* views);
const filter::ListSpec& MinutesList();
filter::Cursor ListMinutes(db::Tx& tx, const filter::ListQuery& query,
                           std::vector<Minutes>* minutes);

}  // namespace ieum::casemgmt
