// What events say of a peer group, its members and its sessions. Pure.
#pragma once

#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "services/casemgmt/groups/group.h"
#include "services/casemgmt/groups/group_member.h"
#include "services/casemgmt/groups/group_session.h"

namespace ieum::casemgmt {

v1::GroupFacts FactsOf(const Group& group);
v1::GroupMemberFacts FactsOf(const GroupMember& member);
v1::GroupSessionFacts FactsOf(const GroupSession& session);

// An event of `group` as it is after the step, recorded `now`.
template <class Event>
Event EventOf(const Group& group, absl::Time now) {
  Event event;
  *event.mutable_group() = FactsOf(group);
  event.set_event_date(base::FormatDay(base::KoreaDay(now)));
  event.set_centre_id(base::CentreText(group.centre));
  return event;
}

template <class Event>
Event EventOf(const Group& group, const GroupMember& member, absl::Time now) {
  auto event = EventOf<Event>(group, now);
  *event.mutable_member() = FactsOf(member);
  return event;
}

template <class Event>
Event EventOf(const Group& group, const GroupSession& session, absl::Time now) {
  auto event = EventOf<Event>(group, now);
  *event.mutable_session() = FactsOf(session);
  return event;
}

template <class Event>
Event EventOf(const Group& group, const GroupSession& session, const GroupMember& member,
              absl::Time now) {
  auto event = EventOf<Event>(group, session, now);
  *event.mutable_member() = FactsOf(member);
  return event;
}

}  // namespace ieum::casemgmt
