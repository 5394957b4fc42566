#include "services/casemgmt/activities/plan_reactions.h"

#include "ieum/registry/v1/events.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/activities/activity_commands.h"
#include "services/casemgmt/activities/activity_store.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

namespace registry = ieum::registry::v1;
using flow::ReceivedEvent;
using ledger::UnitOfWork;

// A call takes forms from one day to another; nobody comes to it. Campaigns and forms know it.
constexpr auto kTakesPlace = [](const auto& event) {
  return event.activity().kind() != registry::PLANNED_DATE_KIND_CALL;
};

absl::StatusOr<absl::CivilDay> MustDay(const std::string& text, std::string_view field) {
  ASSIGN_OR_RETURN(const auto day, DayIn(text, field));
  if (day) return *day;
  return base::InvalidField("INVALID_FIELD", field, "is empty");
}

template <class Event>
absl::StatusOr<PlanSays> PlanIn(const Event& event, const ReceivedEvent& received) {
  const registry::ActivityFacts& facts = event.activity();
  PlanSays plan{.dropped = received.Is<registry::ActivityDropped>(),
                .programme = event.plan().programme(),
                .edition = event.plan().edition(),
                .line_code = facts.line_code(),
                .key = facts.activity_key(),
                .label = facts.label(),
                .label_en = facts.label_en(),
                .task = facts.task()};
  ASSIGN_OR_RETURN(plan.activity_id, base::ParseUuid(facts.activity_id(), "activity.activity_id"));
  plan.link.version = received.envelope.aggregate_version();
  ASSIGN_OR_RETURN(plan.link.start, MustDay(facts.start_date(), "activity.start_date"));
  ASSIGN_OR_RETURN(plan.link.end, MustDay(facts.end_date(), "activity.end_date"));
  ASSIGN_OR_RETURN(plan.manager,
                   ChosenId(event.plan().manager_person_id(), "plan.manager_person_id"));
  ASSIGN_OR_RETURN(plan.lead,
                   ChosenId(event.plan().lead_organization_id(), "plan.lead_organization_id"));
  return plan;
}

template <class Event>
void FollowPlanOf(flow::Subscriptions& on) {
  on.ReactIf<Event>(
      kTakesPlace,
      [](UnitOfWork& work, const Event& event, const ReceivedEvent& received) -> absl::Status {
        ASSIGN_OR_RETURN(const PlanSays plan, PlanIn(event, received));
        return FollowPlan(work, plan);
      });
}

}  // namespace

void ListenToPlans(flow::Subscriptions& on) {
  FollowPlanOf<registry::ActivityPlanned>(on);
  FollowPlanOf<registry::ActivityMoved>(on);
  FollowPlanOf<registry::ActivityDropped>(on);
}

void ForgetVanishedPlans(db::Tx& tx) { ForgetPlanVersions(tx); }

}  // namespace ieum::casemgmt
