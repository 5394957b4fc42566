// What events say of a case.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "platform/base/korea_time.h"
#include "services/casemgmt/cases/case.h"

namespace ieum::casemgmt {

inline constexpr char kCaseKind[] = "case";

void FillFacts(const Case& c, v1::CaseFacts* facts);

// An event with the case and the day of recording; the rest is the caller's.
template <class Event>
Event EventOf(const Case& c, absl::Time now) {
  Event event;
  FillFacts(c, event.mutable_case_());
  event.set_event_date(base::FormatDay(base::KoreaDay(now)));
  return event;
}

}  // namespace ieum::casemgmt
