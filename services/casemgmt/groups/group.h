// What a peer group (위윙크, INC-3 of domain.md) is, which steps it may take, and what it asks of
// its members. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

inline constexpr int kGroupMinDefault = 6, kGroupMaxDefault = 10;
inline constexpr int kGroupSizeMax = 20;  // of any group
inline constexpr int kCompletionPercentDefault = 80;

struct Group {
  base::Uuid id;
  std::string code;  // within its edition; "" = none
  std::string label, programme, edition, line_code;
  std::optional<base::Uuid> centre;  // nullopt = the whole suite's
  std::string job_code;              // KSCO; "" = none
  std::vector<std::string> needs;    // codes, in order
  std::optional<base::Uuid> coach;   // a person
  // Accounts whose group it is: the coach's, and that of whoever made it.
  std::optional<base::Uuid> coach_subject, maker_subject;
  v1::GroupState state = v1::GROUP_STATE_FORMING;
  int min_members = kGroupMinDefault, max_members = kGroupMaxDefault;
  int completion_percent = kCompletionPercentDefault;
  absl::CivilDay formed_day;
  std::optional<absl::CivilDay> opened_day, started_day, ended_day;
  v1::GroupCancelReason cancel_reason = v1::GROUP_CANCEL_REASON_UNSPECIFIED;
  std::optional<base::Uuid> merged_into;
  absl::Time create_time, update_time;

  // Of the last step that it took.
  absl::CivilDay last_step_day() const;
  friend bool operator==(const Group&, const Group&) = default;
};

// What people do with a group, its members and its sessions.
enum class GroupStep {
  kUpdate,
  kOpen,
  kStart,
  kComplete,
  kCancel,
  kMergeAway,  // it ends in another one
  kMergeInto,  // another one ends in it
  kInvite,
  kJoin,
  kLeave,
  kPlan,  // sessions
  kMoveSession,
  kCancelSession,
  kHoldSession,
  kRetractSession,  // that it was held
  kRecord,          // attendance of a held session
  kLog,             // how a held session went
};
inline constexpr int kGroupSteps = static_cast<int>(GroupStep::kLog) + 1;

struct GroupMove {
  GroupStep step;
  v1::GroupState from, to;
};

// Every move that is legal; what is not here is refused.
absl::Span<const GroupMove> GroupMoves();

// Where the step leads; GROUP_STATE when the state does not allow it.
absl::StatusOr<v1::GroupState> NextState(v1::GroupState state, GroupStep step);

// GROUP_STATE, with what would be right, unless that a session was held can be taken back.
absl::Status CheckRetractable(v1::GroupState state);

// Members are told of its sessions.
bool TellsOfSessions(v1::GroupState state);

// 0 = the default. INVALID_FIELD blaming `group.max_members` when no size fits, or one is larger
// than any group is.
absl::Status SetLimits(int min_members, int max_members, Group* group);

// GROUP_FULL when `places` are more than it holds.
absl::Status CheckPlaces(const Group& group, int places);
// GROUP_TOO_SMALL when fewer take part than it needs.
absl::Status CheckEnough(const Group& group, int active);
// GROUPS_DIFFER unless one could go on in the other.
absl::Status CheckMergeable(const Group& from, const Group& into);

// "RUNNING"
std::string StateWord(v1::GroupState state);
std::string GroupName(const base::Uuid& id);  // "groups/{uuid}"

}  // namespace ieum::casemgmt
