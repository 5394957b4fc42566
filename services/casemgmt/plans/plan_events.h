// What events say of plans.
#pragma once

#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/plans/plan.h"

namespace ieum::casemgmt {

void FillFacts(const CasePlan& plan, v1::CasePlanFacts* facts);

// An event with the case, the plan and the day of recording; the rest is the caller's.
template <class Event>
Event EventOf(const Case& c, const CasePlan& plan, absl::Time now) {
  Event event = EventOf<Event>(c, now);
  FillFacts(plan, event.mutable_plan());
  return event;
}

v1::CasePlanSigned SignedEvent(const Case& c, const CasePlan& plan, absl::Time now);

}  // namespace ieum::casemgmt
