#include "services/casemgmt/plans/plan_wire.h"

#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

void AddGoals(const CasePlan& plan, v1::CasePlan* wire) {
  int number = 0;
  for (const PlanGoal& goal : plan.goals) {
    auto* added = wire->add_goals();
    added->set_number(++number);
    added->set_factor(goal.factor);
    added->set_goal_text(goal.text);
    added->set_attainment(goal.attainment);
    added->set_attained_date(DayText(goal.attained_day));
  }
}

void AddActions(const CasePlan& plan, v1::CasePlan* wire) {
  int number = 0;
  for (const PlanAction& action : plan.actions) {
    auto* added = wire->add_actions();
    added->set_number(++number);
    added->set_goal_number(action.goal_number);
    added->set_service(action.service);
    added->set_action_text(action.text);
    added->set_owner(NameIn("subjects", action.owner));
    added->set_due_date(base::FormatDay(action.due));
    added->set_result(action.result);
    added->set_result_date(DayText(action.result_day));
    added->set_result_text(action.result_text);
  }
}

}  // namespace

v1::CasePlan ToWire(const PlanView& view) {
  const CasePlan& plan = view.plan;
  v1::CasePlan wire;
  wire.set_name(CasePlanName(plan.case_id, plan.id));
  wire.set_version(plan.version);
  wire.set_state(plan.state);
  AddGoals(plan, &wire);
  AddActions(plan, &wire);
  wire.set_author(NameIn("subjects", plan.author));
  wire.set_decider(NameIn("subjects", plan.decider));
  wire.set_decided_date(DayText(plan.decided_day));
  wire.set_decision_comment(plan.comment);
  wire.set_signed_date(DayText(plan.signed_day));
  wire.set_agreement(plan.agreement);
  wire.set_legal_due_date(DayText(plan.legal_due_day));
  wire.set_on_time(plan.on_time);
  wire.set_anonymised(view.anonymised);
  *wire.mutable_create_time() = base::ToTimestamp(plan.create_time);
  *wire.mutable_update_time() = base::ToTimestamp(plan.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

absl::StatusOr<std::vector<PlanAction>> ActionsIn(const v1::CasePlan& wire) {
  constexpr char kField[] = "case_plan.actions";
  std::vector<PlanAction> actions;
  for (const v1::PlanAction& each : wire.actions()) {
    PlanAction action{
        .goal_number = each.goal_number(), .service = each.service(), .text = each.action_text()};
    ASSIGN_OR_RETURN(action.owner, OptionalIdIn("subjects", each.owner(), kField));
    ASSIGN_OR_RETURN(const auto due, DayIn(each.due_date(), kField));
    if (!due) return base::InvalidField("INVALID_FIELD", kField, "need a due_date each");
    action.due = *due;
    actions.push_back(std::move(action));
  }
  return actions;
}

std::vector<PlanGoal> GoalsIn(const v1::CasePlan& wire) {
  std::vector<PlanGoal> goals;
  for (const v1::PlanGoal& each : wire.goals()) {
    goals.push_back({.factor = each.factor(), .text = each.goal_text()});
  }
  return goals;
}

}  // namespace ieum::casemgmt
