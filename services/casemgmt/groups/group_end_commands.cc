#include <algorithm>

#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/groups/group_commands.h"
#include "services/casemgmt/groups/group_member_store.h"
#include "services/casemgmt/groups/group_parts.h"

namespace ieum::casemgmt {
namespace {

absl::Status AttendanceMissing(std::string_view message) {
  return base::Forbidden(v1::ERROR_REASON_GROUP_ATTENDANCE_MISSING, message);
}

// Nothing is open any more: each session was held or cancelled, and of each member who took part it
// is known whether she came.
absl::Status CheckOver(const WholeGroup& whole,
                       const std::vector<std::vector<SessionOfMember>>& held) {
  if (whole.planned() > 0) {
    return AttendanceMissing("a session is still planned; hold it or cancel it first");
  }
  if (whole.held() == 0) return AttendanceMissing("no session was held; cancel the group instead");
  for (size_t at = 0; at < whole.members.size(); ++at) {
    const GroupMember& member = whole.members[at];
    if (!member.takes_part()) continue;
    for (const SessionOfMember& session : held[at]) {
      const bool known = session.attendance != v1::GROUP_ATTENDANCE_STATE_UNSPECIFIED;
      if (known || session.day <= *member.join_day) continue;  // she came later that day
      return AttendanceMissing("of a session it is not said of each member whether she came");
    }
  }
  return absl::OkStatus();
}

// What planned sessions are left, and who still holds a place, end with the group.
void EndParts(ledger::UnitOfWork& work, WholeGroup& whole, v1::GroupLeaveReason reason,
              absl::CivilDay day) {
  for (GroupSession& session : whole.sessions) {
    if (!session.planned()) continue;
    CancelOne(work, whole, session, v1::GROUP_SESSION_CANCEL_REASON_GROUP_ENDED);
  }
  for (GroupMember& member : whole.members) {
    if (member.holds_a_place()) LeaveOne(work, whole, member, reason, day);
  }
}

// Who goes over, and her row in the other group: there already, or a new one.
struct Crossing {
  size_t from = 0;   // place among the members of the group that ends
  GroupMember into;  // before she joins
  bool is_new = false;
  friend bool operator==(const Crossing&, const Crossing&) = default;
};

// Who takes part in both goes on in the other one as before.
std::vector<Crossing> CrossingsOf(ledger::UnitOfWork& work, const WholeGroup& from,
                                  const base::Uuid& into) {
  std::vector<Crossing> crossings;
  for (size_t at = 0; at < from.members.size(); ++at) {
    const GroupMember& member = from.members[at];
    if (!member.takes_part() || !member.person) continue;
    const auto there = FindGroupMemberOf(work.tx(), into, *member.person);
    if (there && there->takes_part()) continue;
    Crossing crossing{.from = at, .is_new = !there};
    if (there) {
      crossing.into = *there;
    } else {
      crossing.into.id = base::Uuid::Derive(member.id, into.ToString());
      crossing.into.group_id = into;
      crossing.into.participant = member.participant;
      crossing.into.person = member.person;
      crossing.into.create_time = work.now();
    }
    crossings.push_back(std::move(crossing));
  }
  return crossings;
}

void Cross(ledger::UnitOfWork& work, WholeGroup& into, const Crossing& crossing,
           const Attended& brought, const base::Uuid& from, absl::CivilDay day) {
  GroupMember member = crossing.into;
  member.state = v1::GROUP_MEMBER_STATE_ACTIVE;
  ++member.joins;
  if (crossing.is_new) member.invited_day = day;
  member.join_day = day;
  member.leave_day.reset();
  member.leave_reason = v1::GROUP_LEAVE_REASON_UNSPECIFIED;
  member.from_group = from;
  member.brought.attended += brought.attended;
  member.brought.held += brought.held;
  member.counts_from = day;
  if (crossing.is_new) {
    if (!InsertGroupMember(work.tx(), member)) db::Conflict();
  } else {
    Save(work, member);
  }
  auto event = EventOf<v1::GroupMemberJoined>(into.group, member, work.now());
  event.set_from_group_id(from.ToString());
  Append(work, into.group, event);
  Expect(work, into, member);
}

struct Both {
  WholeGroup from, into;
  std::vector<Crossing> crossings;
};

// Locks and loads both groups, with every appointment that ends or begins.
absl::StatusOr<Both> LockBoth(ledger::UnitOfWork& work, const GroupInput& input,
                              const base::Uuid& into_id) {
  const WholeGroup from = LookAt(work.tx(), input.group_id), into = LookAt(work.tx(), into_id);
  const std::vector<Crossing> seen = CrossingsOf(work, from, into_id);
  Adding adding;
  for (const Crossing& each : seen) adding.members.emplace_back(each.into.id, each.into.joins + 1);
  std::vector<base::Uuid> ids = LocksOf(from, {});
  for (const base::Uuid& id : LocksOf(into, adding)) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  work.Lock(std::move(ids));
  Both both;
  ASSIGN_OR_RETURN(both.from, LoadWhole(work, input, from));
  ASSIGN_OR_RETURN(both.into, LoadWhole(work, {.group_id = into_id, .reach = input.reach}, into));
  both.crossings = CrossingsOf(work, both.from, into_id);
  if (!(both.crossings == seen)) db::Conflict();
  return both;
}

}  // namespace

absl::StatusOr<ledger::Done> CompleteGroup(ledger::UnitOfWork& work, const GroupInput& input) {
  ASSIGN_OR_RETURN(WholeGroup whole, LockWhole(work, input));
  Group& group = whole.group;
  ASSIGN_OR_RETURN(group.state, NextState(group.state, GroupStep::kComplete));
  const auto held = HeldFor(work.tx(), whole);
  RETURN_IF_ERROR(CheckOver(whole, held));
  ASSIGN_OR_RETURN(group.ended_day, DayOf(work, input, LastDayOf(whole), "completed_date"));
  const int members = whole.active();
  int completed = 0;
  Save(work, group);
  for (size_t at = 0; at < whole.members.size(); ++at) {
    GroupMember& member = whole.members[at];
    if (!member.holds_a_place()) continue;
    const Attended attended = AttendedBy(member, held[at]);
    if (!member.takes_part()) {
      LeaveOne(work, whole, member, v1::GROUP_LEAVE_REASON_NEVER_JOINED, *group.ended_day);
    } else if (Completes(attended, group.completion_percent)) {
      CompleteOne(work, group, member, attended);
      ++completed;
    } else {
      LeaveOne(work, whole, member, v1::GROUP_LEAVE_REASON_NOT_COMPLETED, *group.ended_day);
    }
  }
  auto event = EventOf<v1::GroupCompleted>(group, work.now());
  event.set_completed_date(DayText(group.ended_day));
  event.set_held_count(whole.held());
  event.set_member_count(members);
  event.set_completed_count(completed);
  Append(work, group, event);
  return DoneWith(group);
}

absl::StatusOr<ledger::Done> CancelGroup(ledger::UnitOfWork& work, const GroupInput& input,
                                         v1::GroupCancelReason reason) {
  ASSIGN_OR_RETURN(WholeGroup whole, LockWhole(work, input));
  Group& group = whole.group;
  ASSIGN_OR_RETURN(group.state, NextState(group.state, GroupStep::kCancel));
  ASSIGN_OR_RETURN(group.ended_day, DayOf(work, input, LastDayOf(whole), "cancelled_date"));
  group.cancel_reason = reason;
  Save(work, group);
  EndParts(work, whole, v1::GROUP_LEAVE_REASON_GROUP_CANCELLED, *group.ended_day);
  auto event = EventOf<v1::GroupCancelled>(group, work.now());
  event.set_cancelled_date(DayText(group.ended_day));
  event.set_reason(reason);
  Append(work, group, event);
  return DoneWith(group);
}

absl::StatusOr<ledger::Done> MergeGroup(ledger::UnitOfWork& work, const GroupInput& input,
                                        const base::Uuid& into_id) {
  ASSIGN_OR_RETURN(Both both, LockBoth(work, input, into_id));
  auto& [from, into, crossings] = both;
  ASSIGN_OR_RETURN(from.group.state, NextState(from.group.state, GroupStep::kMergeAway));
  RETURN_IF_ERROR(NextState(into.group.state, GroupStep::kMergeInto).status());
  RETURN_IF_ERROR(CheckMergeable(from.group, into.group));
  int places = into.places();
  absl::CivilDay last = std::max(LastDayOf(from), into.group.formed_day);
  for (const Crossing& each : crossings) {
    places += each.is_new || !each.into.holds_a_place();
    last = std::max(last, each.into.leave_day.value_or(last));
  }
  RETURN_IF_ERROR(CheckPlaces(into.group, places));
  ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(work, input, last, "merged_date"));
  const auto held = HeldFor(work.tx(), from);
  from.group.ended_day = day;
  from.group.merged_into = into_id;
  Save(work, from.group);
  std::vector<Attended> brought;
  for (const Crossing& each : crossings) {
    brought.push_back(AttendedBy(from.members[each.from], held[each.from]));
  }
  EndParts(work, from, v1::GROUP_LEAVE_REASON_GROUP_MERGED, day);
  auto event = EventOf<v1::GroupMerged>(from.group, work.now());
  event.set_merged_date(base::FormatDay(day));
  event.set_into_group_id(into_id.ToString());
  event.set_moved_count(static_cast<int>(crossings.size()));
  Append(work, from.group, event);
  for (size_t at = 0; at < crossings.size(); ++at) {
    Cross(work, into, crossings[at], brought[at], from.group.id, day);
  }
  return DoneWith(from.group);
}

}  // namespace ieum::casemgmt
