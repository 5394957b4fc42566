// Something that is to be done by a day (C3, C17). Pure.
#pragma once

#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"
#include "services/casemgmt/cases/case.h"

namespace ieum::casemgmt {

struct Task {
  base::Uuid id;  // derive it from what it is about: putting it again changes its due day
  v1::CaseTaskKind kind = v1::CASE_TASK_KIND_UNSPECIFIED;
  // The aggregate to whose ledger its events go, locked by the use case: the case, or the
  // engagement or group that it is of.
  base::Uuid aggregate;
  std::string aggregate_kind = "case";
  std::optional<base::Uuid> case_id;
  std::string subject;  // "cases/…", "engagements/…", "cases/…/plans/…": what it is about
  absl::CivilDay due;
  std::optional<base::Uuid> owner_subject;      // in whose list it is
  std::optional<base::Uuid> owner, supervisor;  // registry's persons, to write to
  std::optional<base::Uuid> centre;
  v1::CaseTaskState state = v1::CASE_TASK_STATE_OPEN;
  bool paused = false;  // its case is held
  int clock_run = 0;    // one more each time that it is opened again, or goes on after a hold
  std::optional<absl::CivilDay> overdue_told;  // the due day that was told to be over
  absl::Time create_time, update_time;         // set by the store
};

// A task of the case, its manager's and in its centre. `about`: names it within the case ("plan",
// an action's id); the same name is the same task.
Task TaskOf(const Case& c, v1::CaseTaskKind kind, std::string_view about, absl::CivilDay due);
base::Uuid TaskId(const base::Uuid& aggregate, std::string_view about);
std::string TaskName(const base::Uuid& id);  // "caseTasks/{uuid}"
// Whether its clock stands while the case is held: what is ours to do, not what others owe us.
bool StopsInHold(v1::CaseTaskKind kind);
// Names the run: the task's id at first, so that who reminds once for each run reminds again.
base::Uuid ClockId(const Task& task);
void FillFacts(const Task& task, v1::CaseTaskFacts* facts);

}  // namespace ieum::casemgmt
