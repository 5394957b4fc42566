#include "services/casemgmt/plans/plan_events.h"

#include "services/casemgmt/days.h"

namespace ieum::casemgmt {

void FillFacts(const CasePlan& plan, v1::CasePlanFacts* facts) {
  facts->set_plan_id(plan.id.ToString());
  facts->set_version(plan.version);
  facts->set_state(plan.state);
  facts->set_goal_count(static_cast<int>(plan.goals.size()));
  facts->set_action_count(static_cast<int>(plan.actions.size()));
}

v1::CasePlanSigned SignedEvent(const Case& c, const CasePlan& plan, absl::Time now) {
  auto event = EventOf<v1::CasePlanSigned>(c, plan, now);
  event.set_plan_version(plan.version);
  event.set_signed_date(DayText(plan.signed_day));
  event.set_due_date(DayText(plan.legal_due_day));
  event.set_on_time(plan.on_time);
  event.set_classification(c.classification);
  event.set_agreement(plan.agreement);
  return event;
}

}  // namespace ieum::casemgmt
