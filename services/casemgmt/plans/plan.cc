#include "services/casemgmt/plans/plan.h"

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/assessments/assessment.h"

namespace ieum::casemgmt {
namespace {

struct PlanMove {
  PlanStep step;
  v1::CasePlanState from, to;
};
// Every move that is legal; what is not here is refused.
constexpr PlanMove kMoves[] = {
    {PlanStep::kChange, v1::CASE_PLAN_STATE_DRAFT, v1::CASE_PLAN_STATE_DRAFT},
    {PlanStep::kChange, v1::CASE_PLAN_STATE_RETURNED, v1::CASE_PLAN_STATE_DRAFT},
    {PlanStep::kSubmit, v1::CASE_PLAN_STATE_DRAFT, v1::CASE_PLAN_STATE_SUBMITTED},
    {PlanStep::kApprove, v1::CASE_PLAN_STATE_SUBMITTED, v1::CASE_PLAN_STATE_APPROVED},
    {PlanStep::kReturn, v1::CASE_PLAN_STATE_SUBMITTED, v1::CASE_PLAN_STATE_RETURNED},
    {PlanStep::kReturn, v1::CASE_PLAN_STATE_APPROVED, v1::CASE_PLAN_STATE_RETURNED},
    {PlanStep::kSign, v1::CASE_PLAN_STATE_APPROVED, v1::CASE_PLAN_STATE_SIGNED},
    {PlanStep::kRecord, v1::CASE_PLAN_STATE_SIGNED, v1::CASE_PLAN_STATE_SIGNED},
};

// "SUBMITTED"
std::string Word(v1::CasePlanState state) {
  return v1::CasePlanState_Name(state).substr(sizeof("CASE_PLAN_STATE_") - 1);
}

// "DRAFT or RETURNED": where the step would be right.
std::string RightStates(PlanStep step) {
  std::string right;
  for (const PlanMove& move : kMoves) {
    if (move.step == step) absl::StrAppend(&right, right.empty() ? "" : " or ", Word(move.from));
  }
  return right;
}

}  // namespace

absl::StatusOr<v1::CasePlanState> NextState(const CasePlan& plan, PlanStep step) {
  for (const PlanMove& move : kMoves) {
    if (move.step == step && move.from == plan.state) return move.to;
  }
  return base::Forbidden(
      v1::ERROR_REASON_PLAN_STATE,
      absl::StrCat("the plan is ", Word(plan.state), "; this can be done while it is ",
                   RightStates(step)),
      {{"case_plan", CasePlanName(plan.case_id, plan.id)}, {"state", Word(plan.state)}});
}

bool IsOpen(v1::CasePlanState state) {
  return state >= v1::CASE_PLAN_STATE_DRAFT && state <= v1::CASE_PLAN_STATE_APPROVED;
}

absl::Status CheckParts(const CasePlan& plan) {
  const int goals = static_cast<int>(plan.goals.size());
  for (const PlanAction& action : plan.actions) {
    if (action.goal_number <= goals) continue;
    return base::InvalidField(
        v1::ERROR_REASON_PLAN_PART_INVALID, "case_plan.actions",
        absl::StrCat("names goal ", action.goal_number, ", and the plan has ", goals));
  }
  return absl::OkStatus();
}

absl::Status CheckComplete(const CasePlan& plan) {
  if (!plan.goals.empty() && !plan.actions.empty()) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_PLAN_INCOMPLETE,
                         absl::StrCat("the plan has no ", plan.goals.empty() ? "goal" : "action",
                                      "; write at least one"),
                         {{"case_plan", CasePlanName(plan.case_id, plan.id)}});
}

absl::Status CheckNumber(int number, size_t count, std::string_view what) {
  if (number >= 1 && number <= static_cast<int>(count)) return absl::OkStatus();
  return base::InvalidField(
      v1::ERROR_REASON_PLAN_PART_INVALID, "number",
      absl::StrCat("must be the number of one of the plan's ", count, " ", std::string(what)));
}

absl::Status Decide(CasePlan* plan, PlanStep decision, const Staff& decider, absl::CivilDay day) {
  ASSIGN_OR_RETURN(const v1::CasePlanState next, NextState(*plan, decision));
  for (const Staff& writer : plan->writers) {
    if (SamePerson(writer, decider)) {
      return DeciderIsAuthor(CasePlanName(plan->case_id, plan->id));
    }
  }
  plan->state = next;
  plan->decider = decider.subject;
  plan->decided_day = day;
  return absl::OkStatus();
}

std::optional<absl::CivilDay> LegalPlanDue(const Case& c, const base::BusinessCalendar& calendar) {
  if (!c.intake_day) return std::nullopt;
  return PlanDue(c.pace, *c.intake_day, c.held_days, calendar);
}

std::string CasePlanName(const base::Uuid& case_id, const base::Uuid& id) {
  return absl::StrCat(CaseName(case_id), "/plans/", id.ToString());
}

}  // namespace ieum::casemgmt
