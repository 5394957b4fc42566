#include "services/casemgmt/cases/case_tasks.h"

#include <algorithm>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "services/casemgmt/cases/task_store.h"

namespace ieum::casemgmt {
namespace {

std::optional<v1::CaseTaskKind> KindOf(v1::CaseState state) {
  switch (state) {
    case v1::CASE_STATE_REFERRED:
      return v1::CASE_TASK_KIND_FIRST_CONTACT;
    case v1::CASE_STATE_INITIAL_CONSULT:
      return v1::CASE_TASK_KIND_INITIAL_CONSULT;
    case v1::CASE_STATE_INTAKE:
    case v1::CASE_STATE_ASSESSMENT:
      return v1::CASE_TASK_KIND_ASSESSMENT;
    case v1::CASE_STATE_CONFERENCE:
    case v1::CASE_STATE_CLASSIFIED:
      return v1::CASE_TASK_KIND_CONFERENCE;
    case v1::CASE_STATE_PLAN:
      return v1::CASE_TASK_KIND_PLAN;
    case v1::CASE_STATE_DELIVERY:
    case v1::CASE_STATE_MONITORING:
      return v1::CASE_TASK_KIND_MONITORING;
    case v1::CASE_STATE_REASSESSMENT:
      return v1::CASE_TASK_KIND_REASSESSMENT;
    default:
      return std::nullopt;
  }
}

Task StateTask(const Case& c, v1::CaseTaskKind kind, absl::CivilDay due) {
  return TaskOf(c, kind, absl::StrCat("step/", static_cast<int>(kind)), due);
}

// What a crisis made due that was declared in a hold is due all the same.
Task DueTask(const Case& c, v1::CaseTaskKind kind) {
  if (!c.hold || !c.hold->crisis_due) return StateTask(c, kind, *c.due_day);
  Task task = StateTask(c, kind, *c.hold->crisis_due);
  task.paused = false;
  return task;
}

bool BeforePlan(v1::CaseState state) {
  return state >= v1::CASE_STATE_INTAKE && state <= v1::CASE_STATE_CLASSIFIED;
}

bool Delivered(v1::CaseState state) {
  return state == v1::CASE_STATE_DELIVERY || state == v1::CASE_STATE_MONITORING;
}

// Whether what is no longer to be done was done, or fell away with the case.
v1::CaseTaskState EndOf(const Case& c, v1::CaseTaskKind kind) {
  const bool done = IsOpen(c.state) || kind == v1::CASE_TASK_KIND_CLOSURE;
  return done ? v1::CASE_TASK_STATE_DONE : v1::CASE_TASK_STATE_DROPPED;
}

}  // namespace

bool IsStateKind(v1::CaseTaskKind kind) {
  return kind >= v1::CASE_TASK_KIND_FIRST_CONTACT && kind <= v1::CASE_TASK_KIND_HOLD_END;
}

std::vector<Task> StateTasks(const Case& c) {
  std::vector<Task> tasks;
  if (!IsOpen(c.state)) return tasks;
  if (const auto kind = KindOf(c.state); kind && c.due_day) {
    tasks.push_back(DueTask(c, *kind));
  }
  // The period to the signed plan runs from the intake on; the next reassessment is known from the
  // signed plan on.
  const auto plan = c.plan_wanted_day();
  if (BeforePlan(c.state) && plan) tasks.push_back(StateTask(c, v1::CASE_TASK_KIND_PLAN, *plan));
  if (Delivered(c.state) && c.reassess_due_day) {
    tasks.push_back(StateTask(c, v1::CASE_TASK_KIND_REASSESSMENT, *c.reassess_due_day));
  }
  if (c.closure) tasks.push_back(StateTask(c, v1::CASE_TASK_KIND_CLOSURE, c.closure->due));
  if (c.hold) tasks.push_back(StateTask(c, v1::CASE_TASK_KIND_HOLD_END, c.hold->until));
  return tasks;
}

void KeepStateTasks(ledger::UnitOfWork& work, const Case& c) {
  const std::vector<Task> wanted = StateTasks(c);
  std::vector<base::Uuid> ids;
  for (const Task& task : wanted) ids.push_back(task.id);
  std::map<base::Uuid, Task> known;
  for (Task& task : OpenTasksAnd(work, c.id, ids)) {
    const bool stays = std::find(ids.begin(), ids.end(), task.id) != ids.end();
    if (IsStateKind(task.kind) && !stays) EndKnownTask(work, task, EndOf(c, task.kind));
    known.emplace(task.id, std::move(task));
  }
  for (const Task& task : wanted) {
    const auto found = known.find(task.id);
    PutKnownTask(work, found == known.end() ? std::nullopt : std::optional(found->second), task);
  }
}

}  // namespace ieum::casemgmt
