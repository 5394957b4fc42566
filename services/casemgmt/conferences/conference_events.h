// What events say of conferences.
#pragma once

#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "platform/base/korea_time.h"
#include "services/casemgmt/conferences/conference.h"

namespace ieum::casemgmt {

inline constexpr char kConferenceKind[] = "conference";

// An event with the conference and the day of recording; the rest is the caller's.
template <class Event>
Event EventOf(const Conference& conference, absl::Time now) {
  Event event;
  event.set_conference_id(conference.id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(now)));
  if (conference.centre) event.set_centre_id(conference.centre->ToString());
  event.set_conference_date(base::FormatDay(conference.day));
  event.set_member_count(static_cast<int>(conference.members.size()));
  return event;
}

}  // namespace ieum::casemgmt
