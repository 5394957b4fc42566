// The facts that every event of an activity carries. Pure.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "services/casemgmt/activities/activity.h"
#include "services/casemgmt/activities/attendance.h"

namespace ieum::casemgmt {

v1::ActivityFacts FactsOf(const Activity& activity);
v1::AttendanceFacts FactsOf(const Attendance& attendance);

// An event of `activity` as it is after the step, recorded `now`.
template <class Event>
Event EventOf(const Activity& activity, absl::Time now) {
  Event event;
  *event.mutable_activity() = FactsOf(activity);
  event.set_event_date(base::FormatDay(base::KoreaDay(now)));
  event.set_centre_id(base::CentreText(activity.centre));
  return event;
}

template <class Event>
Event EventOf(const Activity& activity, const Attendance& attendance, absl::Time now) {
  auto event = EventOf<Event>(activity, now);
  *event.mutable_attendance() = FactsOf(attendance);
  return event;
}

}  // namespace ieum::casemgmt
