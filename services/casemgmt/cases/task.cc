#include "services/casemgmt/cases/task.h"

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "services/casemgmt/cases/case_events.h"

namespace ieum::casemgmt {
namespace {

std::string IdText(const std::optional<base::Uuid>& id) { return id ? id->ToString() : ""; }

}  // namespace

base::Uuid TaskId(const base::Uuid& aggregate, std::string_view about) {
  return base::Uuid::Derive(aggregate, absl::StrCat("task/", std::string(about)));
}

std::string TaskName(const base::Uuid& id) { return absl::StrCat("caseTasks/", id.ToString()); }

Task TaskOf(const Case& c, v1::CaseTaskKind kind, std::string_view about, absl::CivilDay due) {
  return {.id = TaskId(c.id, about),
          .kind = kind,
          .aggregate = c.id,
          .aggregate_kind = kCaseKind,
          .case_id = c.id,
          .subject = CaseName(c.id),
          .due = due,
          .owner_subject = c.manager_subject,
          .owner = c.manager,
          .supervisor = c.supervisor,
          .centre = c.centre,
          .paused = c.on_hold && StopsInHold(kind)};
}

bool StopsInHold(v1::CaseTaskKind kind) {
  switch (kind) {
    case v1::CASE_TASK_KIND_CLOSURE:
    case v1::CASE_TASK_KIND_HOLD_END:
    case v1::CASE_TASK_KIND_RETENTION_CHECK:
    case v1::CASE_TASK_KIND_REFERRAL_ANSWER:
    case v1::CASE_TASK_KIND_TRANSFER_ANSWER:
    case v1::CASE_TASK_KIND_ADOPTION_CHECK:
    case v1::CASE_TASK_KIND_SESSION_OUTCOME:
    case v1::CASE_TASK_KIND_SAME_PERSON:
      return false;
    default:
      return true;
  }
}

base::Uuid ClockId(const Task& task) {
  if (task.clock_run == 0) return task.id;
  return base::Uuid::Derive(task.id, absl::StrCat("clock/", task.clock_run));
}

void FillFacts(const Task& task, v1::CaseTaskFacts* facts) {
  facts->set_task_id(task.id.ToString());
  facts->set_kind(task.kind);
  facts->set_case_id(IdText(task.case_id));
  facts->set_subject(task.subject);
  facts->set_due_date(base::FormatDay(task.due));
  facts->set_owner_person_id(IdText(task.owner));
  facts->set_supervisor_person_id(IdText(task.supervisor));
  facts->set_centre_id(IdText(task.centre));
  facts->set_state(task.state);
  facts->set_clock_id(ClockId(task).ToString());
}

}  // namespace ieum::casemgmt
