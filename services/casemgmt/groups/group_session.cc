#include "services/casemgmt/groups/group_session.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/groups/group.h"

namespace ieum::casemgmt {
namespace {

using Step = GroupSessionStep;

constexpr auto kPlanned = v1::GROUP_SESSION_STATE_PLANNED;
constexpr auto kHeld = v1::GROUP_SESSION_STATE_HELD;
constexpr auto kCancelled = v1::GROUP_SESSION_STATE_CANCELLED;

struct SessionMove {
  GroupSessionStep step;
  v1::GroupSessionState from, to;
};
constexpr SessionMove kMoves[] = {
    {Step::kMove, kPlanned, kPlanned}, {Step::kCancel, kPlanned, kCancelled},
    {Step::kHold, kPlanned, kHeld},    {Step::kRetract, kHeld, kPlanned},
    {Step::kRecord, kHeld, kHeld},     {Step::kLog, kHeld, kHeld},
};

}  // namespace

absl::CivilDay GroupSession::day() const { return base::KoreaDay(start); }

absl::StatusOr<v1::GroupSessionState> NextState(v1::GroupSessionState state,
                                                GroupSessionStep step) {
  for (const SessionMove& move : kMoves) {
    if (move.step == step && move.from == state) return move.to;
  }
  const std::string word(
      absl::StripPrefix(v1::GroupSessionState_Name(state), "GROUP_SESSION_STATE_"));
  return base::Forbidden(v1::ERROR_REASON_GROUP_SESSION_STATE,
                         absl::StrCat("a session that is ", word, " does not allow this step"),
                         {{"state", word}});
}

absl::Status CheckApart(const GroupSession& session, const std::vector<GroupSession>& others) {
  for (const GroupSession& other : others) {
    if (other.id == session.id || other.state == kCancelled) continue;
    if (other.end <= session.start || session.end <= other.start) continue;
    return base::Forbidden(
        v1::ERROR_REASON_GROUP_SESSION_OVERLAPS,
        absl::StrCat("session ", other.number, " of the group, on ", base::FormatDay(other.day()),
                     ", lies at that time; choose another one"));
  }
  return absl::OkStatus();
}

absl::Status CheckBegan(const GroupSession& session, absl::Time now) {
  if (session.start <= now) return absl::OkStatus();
  return base::InvalidField(
      v1::ERROR_REASON_DATE_INVALID, "name",
      absl::StrCat("begins on ", base::FormatDay(session.day()),
                   "; it is held from then on, or moved first if it was at another time"));
}

GroupAttendance NextRecord(const std::optional<GroupAttendance>& known, const GroupSession& session,
                           const base::Uuid& member_id, v1::GroupAttendanceState state,
                           absl::Time now) {
  GroupAttendance attendance = known.value_or(GroupAttendance());
  attendance.id = base::Uuid::Derive(session.id, member_id.ToString());
  attendance.group_id = session.group_id;
  attendance.session_id = session.id;
  attendance.member_id = member_id;
  attendance.state = state;
  ++attendance.revision;
  attendance.record_id = base::Uuid::Derive(attendance.id, absl::StrCat(attendance.revision));
  attendance.record_time = now;
  return attendance;
}

absl::Status CheckSaidOfEach(const std::vector<AttendanceSaid>& said,
                             const std::vector<base::Uuid>& expected) {
  std::set<base::Uuid> members(expected.begin(), expected.end()), seen;
  for (const AttendanceSaid& each : said) {
    if (!seen.insert(each.member_id).second) {
      return base::InvalidField("INVALID_FIELD", "attendances", "must name each member once");
    }
    if (!members.contains(each.member_id)) {
      return base::Forbidden(v1::ERROR_REASON_MEMBER_STATE,
                             "somebody is named who did not take part in the group on that day");
    }
  }
  if (seen.size() == members.size()) return absl::OkStatus();
  return base::Forbidden(
      v1::ERROR_REASON_GROUP_ATTENDANCE_MISSING,
      absl::StrCat("it must be said of each member who takes part whether she came; of ",
                   members.size() - seen.size(), " it is not"));
}

base::Uuid AppointmentFor(const base::Uuid& appointment_seed, const base::Uuid& member_id,
                          int joins) {
  return base::Uuid::Derive(appointment_seed,
                            absl::StrCat("appointment/", member_id.ToString(), "/", joins));
}

std::string GroupSessionName(const base::Uuid& group_id, const base::Uuid& id) {
  return absl::StrCat(GroupName(group_id), "/sessions/", id.ToString());
}

std::string GroupAttendanceName(const base::Uuid& group_id, const base::Uuid& id) {
  return absl::StrCat(GroupName(group_id), "/attendances/", id.ToString());
}

std::string GroupLogName(const base::Uuid& group_id, const base::Uuid& session_id, int revision) {
  return absl::StrCat(GroupSessionName(group_id, session_id), "/logs/", revision);
}

}  // namespace ieum::casemgmt
