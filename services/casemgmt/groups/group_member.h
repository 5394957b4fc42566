// Somebody in a peer group: whether she takes part, how often she came, and whether she completed
// it. Pure.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

// Sessions that were held and count for somebody, and to how many of them she came.
struct Attended {
  int attended = 0, held = 0;
  friend bool operator==(const Attended&, const Attended&) = default;
};

struct GroupMember {
  base::Uuid id;
  base::Uuid group_id;
  base::Uuid participant;            // her token in events and figures
  std::optional<base::Uuid> person;  // as she was invited; nullopt = erased
  v1::GroupMemberState state = v1::GROUP_MEMBER_STATE_INVITED;
  int joins = 0;  // how often she joined: who left may come again
  absl::CivilDay invited_day;
  std::optional<absl::CivilDay> join_day, leave_day, completed_day;
  v1::GroupLeaveReason leave_reason = v1::GROUP_LEAVE_REASON_UNSPECIFIED;
  // Of one who came over with a merge: from where, what she brought, and the day up to which this
  // group's sessions do not count for her unless she is recorded there.
  std::optional<base::Uuid> from_group;
  Attended brought;
  std::optional<absl::CivilDay> counts_from;
  std::optional<base::Uuid> alerted_session;  // in the run of absences that the coach was told of
  absl::Time create_time, update_time;

  bool takes_part() const { return state == v1::GROUP_MEMBER_STATE_ACTIVE; }
  bool holds_a_place() const { return takes_part() || state == v1::GROUP_MEMBER_STATE_INVITED; }
  friend bool operator==(const GroupMember&, const GroupMember&) = default;
};

// Once in a group, from the day of joining to the day before leaving.
struct GroupTime {
  int joins = 0;  // how often she had joined then, this time included
  absl::CivilDay join_day, leave_day;
  friend bool operator==(const GroupTime&, const GroupTime&) = default;
};
// In which of her times she takes part, or took part, on that day, by its number: the member's own,
// or one of `earlier`, before she left and came again; nullopt = in none. Who did not complete the
// group left it with its end.
std::optional<int> TimeOn(const GroupMember& member, absl::Span<const GroupTime> earlier,
                          absl::CivilDay day);

// What people do; who completes the group its end decides.
enum class MemberStep { kInviteAgain, kJoin, kLeave };
inline constexpr int kMemberSteps = static_cast<int>(MemberStep::kLeave) + 1;

// Where the step leads; MEMBER_STATE when the state does not allow it.
absl::StatusOr<v1::GroupMemberState> NextState(v1::GroupMemberState state, MemberStep step);

// One held session as it was for one member, in the order of time.
struct SessionOfMember {
  base::Uuid session_id;
  absl::CivilDay day;
  v1::GroupAttendanceState attendance = v1::GROUP_ATTENDANCE_STATE_UNSPECIFIED;  // not recorded
};

// Of all sessions that were held: one that was cancelled is none, and who joined late is asked for
// the earlier ones, too (domain.md §7.5). Who came over with a merge brings hers, and is asked here
// for what was held since.
Attended AttendedBy(const GroupMember& member, absl::Span<const SessionOfMember> held);

// Exact: 4 of 5 is 80 %. Of no session nobody completes anything.
bool Completes(const Attended& attended, int percent);

// Sessions missed in a row up to the last held one, excused or not.
int AbsencesInARow(absl::Span<const SessionOfMember> held);

// Of the run of absences that ends with the last held session: its length when the coach is to be
// told of it now, two or more and never told before; 0 otherwise. Once for a run, however it grows
// and whatever is corrected in it: the session in which it was told must not lie in it.
int AbsencesToTell(const GroupMember& member, absl::Span<const SessionOfMember> held);

// Once a held session is taken back: what stands for it as the one in which the coach was told of a
// run. Another session of that run, while it is one still; `held` has the session.
std::optional<base::Uuid> AlertedWithout(const GroupMember& member,
                                         absl::Span<const SessionOfMember> held,
                                         const base::Uuid& session_id);

std::string GroupMemberName(const base::Uuid& group_id, const base::Uuid& id);

}  // namespace ieum::casemgmt
