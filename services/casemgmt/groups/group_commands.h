// The use cases of peer groups, their members and their sessions. All belong to the group: it is
// what is locked, with the appointments of its members, and its version is the etag. Each decides,
// and only then writes; the errors are those that GroupService promises. Empty etag = no check.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/groups/group.h"
#include "services/casemgmt/groups/group_member.h"
#include "services/casemgmt/groups/group_session.h"

namespace ieum::casemgmt {

struct FormGroupInput {
  std::optional<base::Uuid> group_id;  // absent = derived from the request
  std::string code, label, programme, edition, line_code;
  std::optional<base::Uuid> centre;  // as wished; absent = the only one of the caller, or the suite
  std::string job_code;
  std::vector<std::string> needs;
  std::optional<base::Uuid> coach, coach_subject, maker_subject;
  int min_members = 0, max_members = 0, completion_percent = 0;  // 0 = the default
  std::optional<absl::CivilDay> formed_day;                      // absent = today
};
absl::StatusOr<ledger::Done> FormGroup(ledger::UnitOfWork& work, const FormGroupInput& input);

struct GroupInput {
  base::Uuid group_id;
  std::string etag;
  Reach reach;
  std::optional<absl::CivilDay> day;  // of the step; absent = today
};

// Absent = stays.
struct ChangeGroupInput {
  GroupInput group;
  std::optional<std::string> label, job_code;
  std::optional<std::vector<std::string>> needs;
  std::optional<std::optional<base::Uuid>> coach, coach_subject;
  std::optional<int> min_members, max_members;
  std::vector<std::string> changed_fields;  // the paths of what is present
};
absl::StatusOr<ledger::Done> ChangeGroup(ledger::UnitOfWork& work, const ChangeGroupInput& input);

absl::StatusOr<ledger::Done> OpenGroup(ledger::UnitOfWork& work, const GroupInput& input);
absl::StatusOr<ledger::Done> StartGroup(ledger::UnitOfWork& work, const GroupInput& input);

// In group_end_commands.cc: how a group ends.
absl::StatusOr<ledger::Done> CompleteGroup(ledger::UnitOfWork& work, const GroupInput& input);
absl::StatusOr<ledger::Done> CancelGroup(ledger::UnitOfWork& work, const GroupInput& input,
                                         v1::GroupCancelReason reason);
absl::StatusOr<ledger::Done> MergeGroup(ledger::UnitOfWork& work, const GroupInput& input,
                                        const base::Uuid& into);

// In group_member_commands.cc. They answer with the member's name.
struct InviteMemberInput {
  GroupInput group;
  base::Uuid person;
  std::optional<base::Uuid> member_id;  // absent = derived from the request
};
absl::StatusOr<ledger::Done> InviteMember(ledger::UnitOfWork& work, const InviteMemberInput& input);
struct MemberInput {
  GroupInput group;
  base::Uuid member_id;
};
absl::StatusOr<ledger::Done> JoinMember(ledger::UnitOfWork& work, const MemberInput& input);
absl::StatusOr<ledger::Done> LeaveMember(ledger::UnitOfWork& work, const MemberInput& input,
                                         v1::GroupLeaveReason reason);
// Of who was erased (erasures/forgetting.h): whatever names exactly this id of hers names her no
// more, and she leaves groups that go on; her token and what was counted stay. Acts for the suite.
std::vector<base::Uuid> MembershipsTouched(db::Tx& tx, const base::Uuid& person);
absl::Status ForgetMembershipsOf(ledger::UnitOfWork& work, const base::Uuid& person);

// In group_session_commands.cc. They answer with the session's name, planning with the first one's.
struct PlanGroupSessionsInput {
  GroupInput group;
  std::vector<absl::Time> starts;  // in order
  absl::Duration length;
  std::string place;
};
absl::StatusOr<ledger::Done> PlanGroupSessions(ledger::UnitOfWork& work,
                                               const PlanGroupSessionsInput& input);
struct GroupSessionInput {
  GroupInput group;
  base::Uuid session_id;
};
absl::StatusOr<ledger::Done> MoveGroupSession(ledger::UnitOfWork& work,
                                              const GroupSessionInput& input, absl::Time start,
                                              std::optional<absl::Duration> length);
absl::StatusOr<ledger::Done> CancelGroupSession(ledger::UnitOfWork& work,
                                                const GroupSessionInput& input,
                                                v1::GroupSessionCancelReason reason);

// In group_attendance_commands.cc.
absl::StatusOr<ledger::Done> HoldGroupSession(ledger::UnitOfWork& work,
                                              const GroupSessionInput& input,
                                              const std::vector<AttendanceSaid>& said);
// That it was held was a mistake: it is planned again, and whether members came is not known.
absl::StatusOr<ledger::Done> RetractGroupSession(ledger::UnitOfWork& work,
                                                 const GroupSessionInput& input,
                                                 v1::SessionCorrection reason);
// Answers with the attendance's name.
absl::StatusOr<ledger::Done> RecordGroupAttendance(ledger::UnitOfWork& work,
                                                   const GroupSessionInput& input,
                                                   const AttendanceSaid& said);
// The name under which a coach's words are sealed, with the group's own key; it is bound into the
// box and never changes.
inline constexpr char kGroupLogBox[] = "group_log";
struct GroupLogInput {
  GroupSessionInput session;
  std::string text;
  bool take_out_earlier = false;
};
// Answers with the log's name.
absl::StatusOr<ledger::Done> RecordGroupLog(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const GroupLogInput& input);

}  // namespace ieum::casemgmt
