// What the supervisor decides about a plan, and that the client signs it.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/plans/plan_commands.h"
#include "services/casemgmt/plans/plan_events.h"
#include "services/casemgmt/plans/plan_store.h"

namespace ieum::casemgmt {
namespace {

absl::StatusOr<LoadedPlan> DecideOne(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                     const CasePlanInput& input, PlanStep decision,
                                     const std::string& comment) {
  ASSIGN_OR_RETURN(LoadedPlan loaded, LoadPlan(work, input));
  auto& [c, plan] = loaded;
  RETURN_IF_ERROR(NextState(c, CaseStep::kSignPlan).status());
  ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(work, c, input.of, "decided_date"));
  RETURN_IF_ERROR(Decide(&plan, decision, input.by, day));
  plan.comment = comment;
  ASSIGN_OR_RETURN(const SealedWords sealed,
                   SealedWords::ToWrite(work.tx(), keys, c.person, !comment.empty()));
  SaveDecision(work.tx(), sealed, plan);
  return loaded;
}

// Whoever sees to the action; the person behind the account where registry knows her.
void GiveTo(const base::Uuid& owner, const SignInput& sign, Task* task) {
  if (task->owner_subject == owner) return;
  task->owner_subject = owner;
  task->owner.reset();
  for (const Staff& known : sign.owners) {
    if (known.subject == owner) task->owner = known.person;
  }
}

void PutActions(ledger::UnitOfWork& work, const Case& c, const CasePlan& plan,
                const SignInput& sign) {
  for (size_t at = 0; at < plan.actions.size(); ++at) {
    const PlanAction& action = plan.actions[at];
    Task task = TaskOf(c, v1::CASE_TASK_KIND_PLAN_ACTION, "", action.due);
    task.id = ActionTaskId(plan, static_cast<int>(at) + 1);
    task.subject = CasePlanName(c.id, plan.id);
    if (action.owner) GiveTo(*action.owner, sign, &task);
    PutTask(work, task);
  }
}

void Supersede(ledger::UnitOfWork& work, CasePlan before) {
  before.state = v1::CASE_PLAN_STATE_SUPERSEDED;
  before.update_time = work.now();
  SavePlan(work.tx(), before);
  for (size_t at = 0; at < before.actions.size(); ++at) {
    EndTask(work, ActionTaskId(before, static_cast<int>(at) + 1), v1::CASE_TASK_STATE_DROPPED);
  }
}

// Only the first version has a day by law.
absl::Status JudgeDay(const Case& c, const SignInput& sign, CasePlan* plan) {
  plan->on_time = true;
  if (plan->version != kLegalPlanVersion) return absl::OkStatus();
  plan->legal_due_day = LegalPlanDue(c, sign.calendar);
  if (!plan->legal_due_day) {
    return base::Unavailable(
        "the holidays of a year of this period are not known; record them in "
        "registry and try again",
        absl::Seconds(1));
  }
  plan->on_time = *plan->signed_day <= *plan->legal_due_day;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ledger::Done> ApprovePlan(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const CasePlanInput& input, const std::string& comment) {
  ASSIGN_OR_RETURN(const LoadedPlan done,
                   DecideOne(work, keys, input, PlanStep::kApprove, comment));
  auto event = EventOf<v1::CasePlanApproved>(done.of, done.plan, work.now());
  event.set_approved_date(DayText(done.plan.decided_day));
  AppendToCase(work, done.of, event);
  return DoneWith(done.plan);
}

absl::StatusOr<ledger::Done> ReturnPlan(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const CasePlanInput& input, const std::string& comment) {
  ASSIGN_OR_RETURN(const LoadedPlan done, DecideOne(work, keys, input, PlanStep::kReturn, comment));
  auto event = EventOf<v1::CasePlanReturned>(done.of, done.plan, work.now());
  event.set_returned_date(DayText(done.plan.decided_day));
  AppendToCase(work, done.of, event);
  return DoneWith(done.plan);
}

absl::StatusOr<ledger::Done> SignPlan(ledger::UnitOfWork& work, const CasePlanInput& input,
                                      const SignInput& sign) {
  ASSIGN_OR_RETURN(LoadedPlan loaded, LoadPlan(work, input));
  auto& [c, plan] = loaded;
  ASSIGN_OR_RETURN(plan.state, NextState(plan, PlanStep::kSign));
  const absl::CivilDay not_before = std::max(c.last_step_day, *plan.decided_day);
  ASSIGN_OR_RETURN(plan.signed_day, StepDay(input.of.day, work.now(), not_before, "signed_date"));
  RETURN_IF_ERROR(TakeStep(work, c, CaseStep::kSignPlan, *plan.signed_day));
  plan.agreement = sign.agreement;
  RETURN_IF_ERROR(JudgeDay(c, sign, &plan));
  const auto before = SignedPlan(work.tx(), c.id);
  if (before) Supersede(work, *before);
  SaveSignature(work.tx(), plan);
  SaveCase(work, c, *plan.signed_day);
  PutActions(work, c, plan, sign);
  AppendToCase(work, c, SignedEvent(c, plan, work.now()));
  return DoneWith(plan);
}

}  // namespace ieum::casemgmt
