// What events say of a retention check. Pure.
#pragma once

#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/followups/retention_check.h"

namespace ieum::casemgmt {

v1::RetentionCheckFacts FactsOf(const RetentionCheck& check);

// An event of the case with the check as it is after the step.
template <class Event>
Event EventOf(const Case& c, const RetentionCheck& check, absl::Time now) {
  auto event = EventOf<Event>(c, now);
  *event.mutable_check() = FactsOf(check);
  return event;
}

}  // namespace ieum::casemgmt
