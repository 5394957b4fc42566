// The facts that every event of a form carries. Pure.
#pragma once

#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "platform/base/korea_time.h"
#include "services/casemgmt/forms/application.h"

namespace ieum::casemgmt {

v1::ApplicationFacts FactsOf(const Application& application);

// An event of `application` as it is after the step, recorded `now`.
template <class Event>
Event EventOf(const Application& application, absl::Time now) {
  Event event;
  *event.mutable_application() = FactsOf(application);
  event.set_event_date(base::FormatDay(base::KoreaDay(now)));
  return event;
}

}  // namespace ieum::casemgmt
