#include "services/casemgmt/plans/plan_commands.h"

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/assessments/assessment_store.h"
#include "services/casemgmt/cases/task.h"
#include "services/casemgmt/plans/plan_events.h"
#include "services/casemgmt/plans/plan_part_store.h"
#include "services/casemgmt/plans/plan_store.h"

namespace ieum::casemgmt {
namespace {

bool HasWords(const CasePlan& plan) {
  for (const PlanGoal& goal : plan.goals) {
    if (!goal.text.empty()) return true;
  }
  for (const PlanAction& action : plan.actions) {
    if (!action.text.empty()) return true;
  }
  return false;
}

// A case that is classified, or assessed again, begins its plan with the draft; where it has begun,
// it only has to be allowed.
absl::Status BeginIfNeeded(ledger::UnitOfWork& work, Case& c, absl::CivilDay day) {
  if (c.state == v1::CASE_STATE_PLAN) return NextState(c, CaseStep::kSignPlan).status();
  if (c.state != v1::CASE_STATE_REASSESSMENT) {
    return TakeStep(work, c, CaseStep::kBeginPlan, day);
  }
  const auto last = NewestAssessment(work.tx(), c.id);
  const bool approved = last && last->reassessment && last->state == v1::ASSESSMENT_STATE_APPROVED;
  RETURN_IF_ERROR(NextState(c, CaseStep::kPlanAnew).status());
  if (!approved) return NotApprovedYet(c.id);
  return TakeStep(work, c, CaseStep::kPlanAnew, day);
}

absl::Status OpenAlready(const CasePlan& open) {
  return base::AlreadyExists(
      v1::ERROR_REASON_PLAN_OPEN_ALREADY,
      absl::StrCat("version ", open.version, " of the plan is not signed yet; change that one"),
      {{"case_plan", CasePlanName(open.case_id, open.id)}});
}

void AddWriter(const Staff& writer, CasePlan* plan) {
  plan->author = writer.subject;
  for (const Staff& known : plan->writers) {
    if (known.subject == writer.subject) return;
  }
  plan->writers.push_back(writer);
}

CasePlan NewPlan(ledger::UnitOfWork& work, const DraftPlanInput& input,
                 const std::optional<CasePlan>& last) {
  CasePlan plan;
  plan.id = input.plan_id.value_or(work.DeriveId("plan"));
  plan.case_id = input.of.case_id;
  plan.version = last ? last->version + 1 : kLegalPlanVersion;
  plan.goals = input.goals;
  plan.actions = input.actions;
  AddWriter(input.author, &plan);
  plan.create_time = plan.update_time = work.now();
  return plan;
}

}  // namespace

absl::StatusOr<LoadedPlan> LoadPlan(ledger::UnitOfWork& work, const CasePlanInput& input) {
  work.Lock({input.of.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input.of));
  auto plan = FindPlan(work.tx(), c.id, input.plan_id);
  if (!plan) return base::NotFound(CasePlanName(c.id, input.plan_id));
  plan->update_time = work.now();
  return LoadedPlan{.of = std::move(c), .plan = *std::move(plan)};
}

ledger::Done DoneWith(const CasePlan& plan) {
  return {plan.case_id, CasePlanName(plan.case_id, plan.id)};
}

base::Uuid ActionTaskId(const CasePlan& plan, int number) {
  return TaskId(plan.case_id, absl::StrCat("plan/", plan.id.ToString(), "/", number));
}

absl::StatusOr<ledger::Done> DraftPlan(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                       const DraftPlanInput& input) {
  work.Lock({input.of.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input.of));
  const auto last = NewestPlan(work.tx(), c.id);
  if (last && IsOpen(last->state)) return OpenAlready(*last);
  const absl::CivilDay today = base::KoreaDay(work.now());
  RETURN_IF_ERROR(BeginIfNeeded(work, c, today));
  const CasePlan plan = NewPlan(work, input, last);
  RETURN_IF_ERROR(CheckParts(plan));
  ASSIGN_OR_RETURN(const SealedWords sealed,
                   SealedWords::ToWrite(work.tx(), keys, c.person, HasWords(plan)));
  if (!InsertPlan(work.tx(), sealed, plan)) {
    return base::AlreadyExists("ID_TAKEN", "there is a plan with this id; choose another");
  }
  SaveCase(work, c, today);
  AppendToCase(work, c, EventOf<v1::CasePlanDrafted>(c, plan, work.now()));
  return DoneWith(plan);
}

absl::StatusOr<ledger::Done> ChangePlan(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const CasePlanInput& input,
                                        const std::optional<std::vector<PlanGoal>>& goals,
                                        const std::optional<std::vector<PlanAction>>& actions) {
  ASSIGN_OR_RETURN(LoadedPlan loaded, LoadPlan(work, input));
  auto& [c, plan] = loaded;
  RETURN_IF_ERROR(NextState(c, CaseStep::kSignPlan).status());
  ASSIGN_OR_RETURN(plan.state, NextState(plan, PlanStep::kChange));
  if (goals) plan.goals = *goals;
  if (actions) plan.actions = *actions;
  RETURN_IF_ERROR(CheckParts(plan));
  AddWriter(input.by, &plan);
  ASSIGN_OR_RETURN(const SealedWords sealed,
                   SealedWords::ToWrite(work.tx(), keys, c.person, HasWords(plan)));
  SavePlan(work.tx(), plan);
  if (goals) WriteGoals(work.tx(), sealed, plan);
  if (actions) WriteActions(work.tx(), sealed, plan);
  AppendToCase(work, c, EventOf<v1::CasePlanChanged>(c, plan, work.now()));
  return DoneWith(plan);
}

absl::StatusOr<ledger::Done> SubmitPlan(ledger::UnitOfWork& work, const CasePlanInput& input) {
  ASSIGN_OR_RETURN(LoadedPlan loaded, LoadPlan(work, input));
  auto& [c, plan] = loaded;
  RETURN_IF_ERROR(NextState(c, CaseStep::kSignPlan).status());
  ASSIGN_OR_RETURN(plan.state, NextState(plan, PlanStep::kSubmit));
  RETURN_IF_ERROR(CheckComplete(plan));
  SavePlan(work.tx(), plan);
  AppendToCase(work, c, EventOf<v1::CasePlanSubmitted>(c, plan, work.now()));
  return DoneWith(plan);
}

}  // namespace ieum::casemgmt
