#include "services/casemgmt/groups/group_parts.h"

#include <algorithm>
#include <map>

#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/activities/attendance_store.h"
#include "services/casemgmt/appointments/appointment_commands.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/engagements/consultant_hours.h"
#include "services/casemgmt/groups/group_member_store.h"
#include "services/casemgmt/groups/group_session_store.h"
#include "services/casemgmt/groups/group_store.h"

namespace ieum::casemgmt {
namespace {

template <class Part>
Part* PartIn(std::vector<Part>& parts, const base::Uuid& id) {
  const auto found =
      std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return part.id == id; });
  return found == parts.end() ? nullptr : &*found;
}

// What appointments hang on: who takes part for which time, and what is planned.
bool SameAppointments(const WholeGroup& one, const WholeGroup& other) {
  const auto key = [](const WholeGroup& whole) {
    std::map<base::Uuid, int> parts;
    for (const GroupMember& member : whole.members) {
      parts[member.id] = member.joins * 10 + static_cast<int>(member.state);
    }
    for (const GroupSession& session : whole.sessions) parts[session.id] = session.state;
    return parts;
  };
  return key(one) == key(other);
}

base::Uuid AppointmentOf(const GroupSession& session, const GroupMember& member) {
  return AppointmentFor(session.appointment_seed, member.id, member.joins);
}

void Book(ledger::UnitOfWork& work, const Group& group, const GroupSession& session,
          const GroupMember& member) {
  if (!member.takes_part() || !member.person || !session.planned()) return;
  if (session.start <= work.now() || !TellsOfSessions(group.state)) return;
  // Who was erased a moment ago is taken out of the group by what is on its way.
  if (WasErased(work.tx(), *member.person)) return;
  (void)BookAppointment(work, {.id = AppointmentOf(session, member),
                               .person = *member.person,
                               .start = session.start,
                               .end = session.end,
                               .centre = group.centre,
                               .host = group.coach,
                               .group = group.id});
}

}  // namespace

GroupMember* WholeGroup::member(const base::Uuid& id) { return PartIn(members, id); }
GroupSession* WholeGroup::session(const base::Uuid& id) { return PartIn(sessions, id); }

int WholeGroup::places() const {
  return static_cast<int>(std::count_if(members.begin(), members.end(),
                                        [](const auto& member) { return member.holds_a_place(); }));
}

int WholeGroup::active() const {
  return static_cast<int>(std::count_if(members.begin(), members.end(),
                                        [](const auto& member) { return member.takes_part(); }));
}

int WholeGroup::planned() const {
  return static_cast<int>(std::count_if(sessions.begin(), sessions.end(),
                                        [](const auto& session) { return session.planned(); }));
}

int WholeGroup::held() const {
  return static_cast<int>(std::count_if(sessions.begin(), sessions.end(),
                                        [](const auto& session) { return session.held(); }));
}

WholeGroup LookAt(db::Tx& tx, const base::Uuid& group_id) {
  WholeGroup whole;
  whole.group.id = group_id;
  whole.members = GroupMembersOf(tx, group_id);
  whole.sessions = GroupSessionsOf(tx, group_id);
  return whole;
}

std::vector<base::Uuid> LocksOf(const WholeGroup& whole, const Adding& adding) {
  std::vector<base::Uuid> ids = {whole.group.id};
  for (const GroupSession& session : whole.sessions) {
    if (!session.planned()) continue;
    for (const GroupMember& member : whole.members) {
      if (member.takes_part()) ids.push_back(AppointmentOf(session, member));
    }
    for (const auto& [member, joins] : adding.members) {
      ids.push_back(AppointmentFor(session.appointment_seed, member, joins));
    }
  }
  for (const base::Uuid& added : adding.sessions) {
    const auto stands = std::find_if(whole.sessions.begin(), whole.sessions.end(),
                                     [&](const GroupSession& each) { return each.id == added; });
    const base::Uuid seed = stands == whole.sessions.end() ? added : stands->appointment_seed;
    for (const GroupMember& member : whole.members) {
      for (int joins = 1; joins <= member.joins; ++joins) {
        ids.push_back(AppointmentFor(seed, member.id, joins));
      }
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

absl::StatusOr<WholeGroup> LoadWhole(ledger::UnitOfWork& work, const GroupInput& input,
                                     const WholeGroup& looked_at) {
  const auto group = FindGroup(work.tx(), input.reach, input.group_id);
  if (!group) return base::NotFound(GroupName(input.group_id));
  RETURN_IF_ERROR(work.ExpectEtag(input.group_id, input.etag));
  WholeGroup whole = LookAt(work.tx(), input.group_id);
  if (!SameAppointments(whole, looked_at)) db::Conflict();
  whole.group = *group;
  return whole;
}

absl::StatusOr<WholeGroup> LockWhole(ledger::UnitOfWork& work, const GroupInput& input,
                                     const Adding& adding) {
  const WholeGroup looked_at = LookAt(work.tx(), input.group_id);
  work.Lock(LocksOf(looked_at, adding));
  return LoadWhole(work, input, looked_at);
}

absl::CivilDay LastDayOf(const WholeGroup& whole) {
  absl::CivilDay last = whole.group.last_step_day();
  for (const GroupSession& session : whole.sessions) {
    if (session.held()) last = std::max(last, session.day());
  }
  for (const GroupMember& member : whole.members) {
    if (member.holds_a_place()) last = std::max(last, member.join_day.value_or(member.invited_day));
  }
  return last;
}

absl::StatusOr<absl::CivilDay> DayOf(const ledger::UnitOfWork& work, const GroupInput& input,
                                     absl::CivilDay not_before, std::string_view field) {
  return StepDay(input.day, work.now(), not_before, field);
}

void Save(ledger::UnitOfWork& work, Group& group) {
  group.update_time = work.now();
  SaveGroup(work.tx(), group);
}

void Save(ledger::UnitOfWork& work, GroupMember& member) {
  member.update_time = work.now();
  SaveGroupMember(work.tx(), member);
}

void Save(ledger::UnitOfWork& work, GroupSession& session) {
  session.update_time = work.now();
  SaveGroupSession(work.tx(), session);
}

void Append(ledger::UnitOfWork& work, const Group& group, const google::protobuf::Message& event) {
  work.Append(group.id, "group", GroupName(group.id), event);
}

ledger::Done DoneWith(const Group& group) { return {group.id, GroupName(group.id)}; }

absl::Status TakeTime(ledger::UnitOfWork& work, const Group& group, const GroupSession& session) {
  if (!group.coach) {
    FreeHours(work.tx(), session.id);
    return absl::OkStatus();
  }
  if (TakeHours(work.tx(), ConsultantHours{session.id, *group.coach, session.start, session.end})) {
    return absl::OkStatus();
  }
  return base::Forbidden(v1::ERROR_REASON_CONSULTANT_BUSY,
                         "the coach has something else at the time of a session; choose another "
                         "time, or another coach");
}

void Expect(ledger::UnitOfWork& work, const WholeGroup& whole, const GroupMember& member) {
  for (const GroupSession& session : whole.sessions) Book(work, whole.group, session, member);
}

void Expect(ledger::UnitOfWork& work, const WholeGroup& whole, const GroupSession& session) {
  for (const GroupMember& member : whole.members) Book(work, whole.group, session, member);
}

void ExpectNoMore(ledger::UnitOfWork& work, const WholeGroup& whole, const GroupMember& member) {
  for (const GroupSession& session : whole.sessions) {
    if (session.planned()) CancelAppointment(work, AppointmentOf(session, member));
  }
}

void ExpectNoMore(ledger::UnitOfWork& work, const WholeGroup& whole, const GroupSession& session) {
  for (const GroupMember& member : whole.members) {
    if (member.takes_part()) CancelAppointment(work, AppointmentOf(session, member));
  }
}

KnownAttendances KnownAt(db::Tx& tx, const GroupSession& session) {
  KnownAttendances known;
  for (GroupAttendance& each : GroupAttendancesOf(tx, session.id)) {
    known[each.member_id] = std::move(each);
  }
  return known;
}

GroupAttendance Record(ledger::UnitOfWork& work, const KnownAttendances& known,
                       const GroupSession& session, const base::Uuid& member_id,
                       v1::GroupAttendanceState state) {
  const auto before = known.find(member_id);
  GroupAttendance next =
      NextRecord(before == known.end() ? std::nullopt : std::optional(before->second), session,
                 member_id, state, work.now());
  SaveGroupAttendance(work.tx(), next);
  return next;
}

void CancelOne(ledger::UnitOfWork& work, const WholeGroup& whole, GroupSession& session,
               v1::GroupSessionCancelReason reason) {
  ExpectNoMore(work, whole, session);
  FreeHours(work.tx(), session.id);
  session.state = v1::GROUP_SESSION_STATE_CANCELLED;
  session.cancel_reason = reason;
  Save(work, session);
  const KnownAttendances known = KnownAt(work.tx(), session);
  for (const GroupMember& member : whole.members) {
    if (!member.takes_part()) continue;
    Record(work, known, session, member.id, v1::GROUP_ATTENDANCE_STATE_CANCELLED);
  }
  auto event = EventOf<v1::GroupSessionCancelled>(whole.group, session, work.now());
  event.set_reason(reason);
  Append(work, whole.group, event);
}

void LeaveOne(ledger::UnitOfWork& work, const WholeGroup& whole, GroupMember& member,
              v1::GroupLeaveReason reason, absl::CivilDay day) {
  if (member.takes_part()) ExpectNoMore(work, whole, member);
  member.state = v1::GROUP_MEMBER_STATE_LEFT;
  member.leave_reason = reason;
  member.leave_day = day;
  Save(work, member);
  auto event = EventOf<v1::GroupMemberLeft>(whole.group, member, work.now());
  event.set_reason(reason);
  Append(work, whole.group, event);
}

void CompleteOne(ledger::UnitOfWork& work, const Group& group, GroupMember& member,
                 const Attended& attended) {
  member.state = v1::GROUP_MEMBER_STATE_COMPLETED;
  member.completed_day = group.ended_day;
  member.leave_day.reset();
  member.leave_reason = v1::GROUP_LEAVE_REASON_UNSPECIFIED;
  Save(work, member);
  auto event = EventOf<v1::GroupMemberCompleted>(group, member, work.now());
  event.set_completed_date(DayText(member.completed_day));
  event.set_attended_count(attended.attended);
  event.set_held_count(attended.held);
  Append(work, group, event);
}

std::vector<std::vector<SessionOfMember>> HeldFor(db::Tx& tx, const WholeGroup& whole) {
  std::vector<base::Uuid> ids;
  for (const GroupMember& member : whole.members) ids.push_back(member.id);
  std::map<base::Uuid, std::vector<SessionOfMember>> by_member;
  for (MemberSessions& each : HeldSessionsOf(tx, ids)) {
    by_member[each.member_id] = std::move(each.held);
  }
  std::vector<std::vector<SessionOfMember>> all;
  for (const GroupMember& member : whole.members) all.push_back(std::move(by_member[member.id]));
  return all;
}

}  // namespace ieum::casemgmt
