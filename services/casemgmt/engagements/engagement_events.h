// The facts that every event of an engagement carries. Pure.
#pragma once

#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "platform/base/korea_time.h"
#include "services/casemgmt/engagements/engagement.h"
#include "services/casemgmt/engagements/visit.h"

namespace ieum::casemgmt {

v1::EngagementFacts FactsOf(const Engagement& engagement);
v1::VisitFacts FactsOf(const Visit& visit);

// An event of `engagement` as it is after the step, recorded `now`.
template <class Event>
Event EventOf(const Engagement& engagement, absl::Time now) {
  Event event;
  *event.mutable_engagement() = FactsOf(engagement);
  event.set_event_date(base::FormatDay(base::KoreaDay(now)));
  return event;
}

template <class Event>
Event EventOf(const Engagement& engagement, const Visit& visit, absl::Time now) {
  auto event = EventOf<Event>(engagement, now);
  *event.mutable_visit() = FactsOf(visit);
  return event;
}

}  // namespace ieum::casemgmt
