// What came of a signed plan.
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/plans/plan_commands.h"
#include "services/casemgmt/plans/plan_events.h"
#include "services/casemgmt/plans/plan_part_store.h"

namespace ieum::casemgmt {
namespace {

// What became of it may be known late: when the case is held, or has ended.
absl::StatusOr<LoadedPlan> LoadSigned(ledger::UnitOfWork& work, const CasePlanInput& input) {
  ASSIGN_OR_RETURN(LoadedPlan loaded, LoadPlan(work, input));
  RETURN_IF_ERROR(NextState(loaded.of, CaseStep::kRecordOutcome).status());
  RETURN_IF_ERROR(NextState(loaded.plan, PlanStep::kRecord).status());
  return loaded;
}

absl::StatusOr<absl::CivilDay> ResultDay(const ledger::UnitOfWork& work, const CasePlan& plan,
                                         const CasePlanInput& input, std::string_view field) {
  return StepDay(input.of.day, work.now(), *plan.signed_day, field);
}

v1::CasePlanActionRecorded ResultEvent(const LoadedPlan& loaded, int number, bool corrects,
                                       absl::Time now) {
  const PlanAction& action = loaded.plan.actions[number - 1];
  auto event = EventOf<v1::CasePlanActionRecorded>(loaded.of, loaded.plan, now);
  event.set_action_number(number);
  event.set_service(action.service);
  event.set_due_date(base::FormatDay(action.due));
  event.set_result(action.result);
  event.set_result_date(DayText(action.result_day));
  event.set_corrects(corrects);
  return event;
}

v1::CasePlanGoalRecorded AttainmentEvent(const LoadedPlan& loaded, int number, bool corrects,
                                         absl::Time now) {
  const PlanGoal& goal = loaded.plan.goals[number - 1];
  auto event = EventOf<v1::CasePlanGoalRecorded>(loaded.of, loaded.plan, now);
  event.set_goal_number(number);
  event.set_factor_code(goal.factor);
  event.set_attainment(goal.attainment);
  event.set_attained_date(DayText(goal.attained_day));
  event.set_corrects(corrects);
  return event;
}

}  // namespace

absl::StatusOr<ledger::Done> RecordResult(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                          const CasePlanInput& input, const ActionResult& result) {
  ASSIGN_OR_RETURN(LoadedPlan loaded, LoadSigned(work, input));
  auto& [c, plan] = loaded;
  RETURN_IF_ERROR(CheckNumber(result.number, plan.actions.size(), "actions"));
  PlanAction& action = plan.actions[result.number - 1];
  const bool corrects = action.result != v1::PLAN_ACTION_RESULT_UNSPECIFIED;
  ASSIGN_OR_RETURN(action.result_day, ResultDay(work, plan, input, "result_date"));
  action.result = result.result;
  action.result_text = result.text;
  ASSIGN_OR_RETURN(const SealedWords sealed,
                   SealedWords::ToWrite(work.tx(), keys, c.person, !result.text.empty()));
  SaveResult(work.tx(), sealed, plan, result.number);
  const bool dropped = result.result == v1::PLAN_ACTION_RESULT_DROPPED;
  EndTask(work, ActionTaskId(plan, result.number),
          dropped ? v1::CASE_TASK_STATE_DROPPED : v1::CASE_TASK_STATE_DONE);
  AppendToCase(work, c, ResultEvent(loaded, result.number, corrects, work.now()));
  return DoneWith(plan);
}

absl::StatusOr<ledger::Done> RecordAttainment(ledger::UnitOfWork& work, const CasePlanInput& input,
                                              int number, v1::GoalAttainment attainment) {
  ASSIGN_OR_RETURN(LoadedPlan loaded, LoadSigned(work, input));
  auto& [c, plan] = loaded;
  RETURN_IF_ERROR(CheckNumber(number, plan.goals.size(), "goals"));
  PlanGoal& goal = plan.goals[number - 1];
  const bool corrects = goal.attainment != v1::GOAL_ATTAINMENT_UNSPECIFIED;
  ASSIGN_OR_RETURN(goal.attained_day, ResultDay(work, plan, input, "attained_date"));
  goal.attainment = attainment;
  SaveAttainment(work.tx(), plan, number);
  AppendToCase(work, c, AttainmentEvent(loaded, number, corrects, work.now()));
  return DoneWith(plan);
}

}  // namespace ieum::casemgmt
