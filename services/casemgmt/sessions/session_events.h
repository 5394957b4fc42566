// What events say of a session beside its case. Pure.
#pragma once

#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/sessions/session.h"

namespace ieum::casemgmt {

v1::SessionFacts FactsOf(const Session& session);

// An event of the case and the session as they are after the step, recorded `now`.
template <class Event>
Event EventOf(const Case& c, const Session& session, absl::Time now) {
  auto event = EventOf<Event>(c, now);
  *event.mutable_session() = FactsOf(session);
  return event;
}

}  // namespace ieum::casemgmt
