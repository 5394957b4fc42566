// When a peer group meets, who came, and what its coach wrote down of it. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

// Of one group, cancelled ones included: each is an appointment of each member.
inline constexpr int kGroupSessionsMax = 60;

struct GroupSession {
  base::Uuid id;
  base::Uuid group_id;
  int number = 0;  // from 1 within the group, in the order of planning
  v1::GroupSessionState state = v1::GROUP_SESSION_STATE_PLANNED;
  absl::Time start, end;  // start ≤ t < end
  std::string place;
  base::Uuid appointment_seed;  // what its appointments' ids come from; nobody is told
  v1::GroupSessionCancelReason cancel_reason = v1::GROUP_SESSION_CANCEL_REASON_UNSPECIFIED;
  int log_revision = 0;  // newest; 0 = none
  absl::Time create_time, update_time;

  bool planned() const { return state == v1::GROUP_SESSION_STATE_PLANNED; }
  bool held() const { return state == v1::GROUP_SESSION_STATE_HELD; }
  absl::CivilDay day() const;  // in Korea
  friend bool operator==(const GroupSession&, const GroupSession&) = default;
};

enum class GroupSessionStep { kMove, kCancel, kHold, kRetract, kRecord, kLog };
inline constexpr int kGroupSessionSteps = static_cast<int>(GroupSessionStep::kLog) + 1;

// Where the step leads; GROUP_SESSION_STATE when the state does not allow it.
absl::StatusOr<v1::GroupSessionState> NextState(v1::GroupSessionState state, GroupSessionStep step);

// GROUP_SESSION_OVERLAPS when one of `others` that was not cancelled lies at its time.
absl::Status CheckApart(const GroupSession& session, const std::vector<GroupSession>& others);

// DATE_INVALID blaming `name` when it has not begun.
absl::Status CheckBegan(const GroupSession& session, absl::Time now);

// Whether a member came, as it holds now.
struct GroupAttendance {
  base::Uuid id;
  base::Uuid group_id, session_id, member_id;
  v1::GroupAttendanceState state = v1::GROUP_ATTENDANCE_STATE_UNSPECIFIED;  // taken back
  int revision = 0;
  base::Uuid record_id;  // of this revision
  absl::Time record_time;

  bool said() const { return state != v1::GROUP_ATTENDANCE_STATE_UNSPECIFIED; }
};
// What is recorded now of a member at a session, as the revision after what is known.
GroupAttendance NextRecord(const std::optional<GroupAttendance>& known, const GroupSession& session,
                           const base::Uuid& member_id, v1::GroupAttendanceState state,
                           absl::Time now);

// What is said of one member when a session is held.
struct AttendanceSaid {
  base::Uuid member_id;
  v1::GroupAttendanceState state = v1::GROUP_ATTENDANCE_STATE_UNSPECIFIED;
};
// GROUP_ATTENDANCE_MISSING unless it is said of each of `expected`, MEMBER_STATE when it is said of
// somebody else, INVALID_FIELD when it is said twice. `expected` in any order.
absl::Status CheckSaidOfEach(const std::vector<AttendanceSaid>& said,
                             const std::vector<base::Uuid>& expected);

// One revision of what the coach wrote down.
struct GroupLog {
  base::Uuid group_id, session_id;
  int revision = 0;                 // from 1
  std::optional<std::string> text;  // nullopt = taken out
  absl::Time record_time;
};

// The appointment that the session of that seed is for a member, in her `joins`-th time in the
// group.
base::Uuid AppointmentFor(const base::Uuid& appointment_seed, const base::Uuid& member_id,
                          int joins);

std::string GroupSessionName(const base::Uuid& group_id, const base::Uuid& id);
std::string GroupAttendanceName(const base::Uuid& group_id, const base::Uuid& id);
std::string GroupLogName(const base::Uuid& group_id, const base::Uuid& session_id, int revision);

}  // namespace ieum::casemgmt
