#include "services/casemgmt/groups/group_member.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/groups/group.h"

namespace ieum::casemgmt {
namespace {

using Step = MemberStep;

constexpr auto kInvited = v1::GROUP_MEMBER_STATE_INVITED;
constexpr auto kActive = v1::GROUP_MEMBER_STATE_ACTIVE;
constexpr auto kLeft = v1::GROUP_MEMBER_STATE_LEFT;

constexpr int kAbsencesToTell = 2;

struct MemberMove {
  MemberStep step;
  v1::GroupMemberState from, to;
};
constexpr MemberMove kMoves[] = {
    {Step::kJoin, kInvited, kActive},
    {Step::kLeave, kInvited, kLeft},
    {Step::kLeave, kActive, kLeft},
    {Step::kInviteAgain, kLeft, kInvited},
};

bool Missed(const SessionOfMember& session) {
  return session.attendance == v1::GROUP_ATTENDANCE_STATE_EXCUSED ||
         session.attendance == v1::GROUP_ATTENDANCE_STATE_UNEXCUSED;
}

// Of what is known of her: a session before she joined ends no run and makes none.
bool Recorded(const SessionOfMember& session) {
  return session.attendance != v1::GROUP_ATTENDANCE_STATE_UNSPECIFIED;
}

}  // namespace

std::optional<int> TimeOn(const GroupMember& member, absl::Span<const GroupTime> earlier,
                          absl::CivilDay day) {
  const bool to_the_end = member.leave_reason == v1::GROUP_LEAVE_REASON_NOT_COMPLETED;
  if (member.join_day && *member.join_day <= day &&
      (!member.leave_day || day < *member.leave_day || to_the_end)) {
    return member.joins;
  }
  for (const GroupTime& time : earlier) {
    if (time.join_day <= day && day < time.leave_day) return time.joins;
  }
  return std::nullopt;
}

absl::StatusOr<v1::GroupMemberState> NextState(v1::GroupMemberState state, MemberStep step) {
  for (const MemberMove& move : kMoves) {
    if (move.step == step && move.from == state) return move.to;
  }
  const std::string word(
      absl::StripPrefix(v1::GroupMemberState_Name(state), "GROUP_MEMBER_STATE_"));
  return base::Forbidden(v1::ERROR_REASON_MEMBER_STATE,
                         absl::StrCat("a member who is ", word, " does not allow this step"),
                         {{"state", word}});
}

Attended AttendedBy(const GroupMember& member, absl::Span<const SessionOfMember> held) {
  Attended sum = member.brought;
  for (const SessionOfMember& session : held) {
    const bool came = session.attendance == v1::GROUP_ATTENDANCE_STATE_PRESENT;
    const bool before_her = member.counts_from && session.day <= *member.counts_from;
    if (before_her && !Recorded(session)) continue;
    ++sum.held;
    sum.attended += came ? 1 : 0;
  }
  return sum;
}

bool Completes(const Attended& attended, int percent) {
  return attended.held > 0 && attended.attended * 100 >= attended.held * percent;
}

int AbsencesInARow(absl::Span<const SessionOfMember> held) {
  int run = 0;
  for (const SessionOfMember& session : held) {
    if (!Recorded(session)) continue;
    run = Missed(session) ? run + 1 : 0;
  }
  return run;
}

int AbsencesToTell(const GroupMember& member, absl::Span<const SessionOfMember> held) {
  int run = 0;
  bool told = false;
  for (const SessionOfMember& session : held) {
    if (!Recorded(session)) continue;
    run = Missed(session) ? run + 1 : 0;
    told = run > 0 && (told || session.session_id == member.alerted_session);
  }
  return run >= kAbsencesToTell && !told ? run : 0;
}

std::optional<base::Uuid> AlertedWithout(const GroupMember& member,
                                         absl::Span<const SessionOfMember> held,
                                         const base::Uuid& session_id) {
  if (member.alerted_session != session_id) return member.alerted_session;
  // The run around the session, without it.
  std::vector<base::Uuid> run;
  bool passed = false;
  for (const SessionOfMember& session : held) {
    if (session.session_id == session_id) {
      passed = true;
    } else if (Missed(session)) {
      run.push_back(session.session_id);
    } else if (Recorded(session)) {
      if (passed) break;
      run.clear();
    }
  }
  if (static_cast<int>(run.size()) < kAbsencesToTell) return std::nullopt;
  return run.back();
}

std::string GroupMemberName(const base::Uuid& group_id, const base::Uuid& id) {
  return absl::StrCat(GroupName(group_id), "/members/", id.ToString());
}

}  // namespace ieum::casemgmt
