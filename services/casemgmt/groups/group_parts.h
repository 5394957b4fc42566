// What the use cases of peer groups share: a group with its members and sessions, locked with the
// appointments that hang on them, and how each is written and told.
#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/groups/group_commands.h"
#include "services/casemgmt/groups/group_events.h"

namespace ieum::casemgmt {

// A group, whole: members in order of their ids, sessions in order of time.
struct WholeGroup {
  Group group;
  std::vector<GroupMember> members;
  std::vector<GroupSession> sessions;

  GroupMember* member(const base::Uuid& id);
  GroupSession* session(const base::Uuid& id);
  int places() const;  // members who hold one
  int active() const;
  int planned() const;  // sessions
  int held() const;
};

// What a command adds to what stands.
struct Adding {
  // Whose appointments with every member it writes: ids of what stands, seeds of what it makes.
  std::vector<base::Uuid> sessions;
  // Members who join, with the count of their joining: whose appointments it makes.
  std::vector<std::pair<base::Uuid, int>> members;
};

// Locks the group with the appointments of its members, and loads it. Called once, first.
// NOT_FOUND, STALE_ETAG. Somebody else's change between the look and the lock makes the command run
// again.
absl::StatusOr<WholeGroup> LockWhole(ledger::UnitOfWork& work, const GroupInput& input,
                                     const Adding& adding = {});

// The same by hand, for who locks more than one: what stands without asking whose it is; what is to
// be locked of it; and, behind the lock, whether that is still so, and whether the caller reaches
// it.
WholeGroup LookAt(db::Tx& tx, const base::Uuid& group_id);
std::vector<base::Uuid> LocksOf(const WholeGroup& whole, const Adding& adding);
absl::StatusOr<WholeGroup> LoadWhole(ledger::UnitOfWork& work, const GroupInput& input,
                                     const WholeGroup& looked_at);

// The first day on which it can end: not before its last step, a held session, or the day on which
// somebody who holds a place came.
absl::CivilDay LastDayOf(const WholeGroup& whole);

// The day of a step: given, or today; not in the future, nor before `not_before`.
absl::StatusOr<absl::CivilDay> DayOf(const ledger::UnitOfWork& work, const GroupInput& input,
                                     absl::CivilDay not_before, std::string_view field);

void Save(ledger::UnitOfWork& work, Group& group);
void Save(ledger::UnitOfWork& work, GroupMember& member);
void Save(ledger::UnitOfWork& work, GroupSession& session);
void Append(ledger::UnitOfWork& work, const Group& group, const google::protobuf::Message& event);
ledger::Done DoneWith(const Group& group);

// The coach gives the session's time to it; without a coach nobody does. CONSULTANT_BUSY. What was
// taken is undone with the command.
absl::Status TakeTime(ledger::UnitOfWork& work, const Group& group, const GroupSession& session);

// The member is told of her sessions, as far as the group tells of them: one appointment for each
// that is planned and has not begun. Nothing for one who was erased.
void Expect(ledger::UnitOfWork& work, const WholeGroup& whole, const GroupMember& member);
// The same of one session for each who takes part.
void Expect(ledger::UnitOfWork& work, const WholeGroup& whole, const GroupSession& session);
// Takes back what was told of the member's planned sessions, or of one session to each member.
void ExpectNoMore(ledger::UnitOfWork& work, const WholeGroup& whole, const GroupMember& member);
void ExpectNoMore(ledger::UnitOfWork& work, const WholeGroup& whole, const GroupSession& session);

// What is known of each member at a session: nothing, but where it was held.
using KnownAttendances = std::map<base::Uuid, GroupAttendance>;  // by member
KnownAttendances KnownAt(db::Tx& tx, const GroupSession& session);
// Records it as the next revision, and answers with it.
GroupAttendance Record(ledger::UnitOfWork& work, const KnownAttendances& known,
                       const GroupSession& session, const base::Uuid& member_id,
                       v1::GroupAttendanceState state);

// Cancels and tells: the session, its hours, its appointments, and whose attendance it would have
// been.
void CancelOne(ledger::UnitOfWork& work, const WholeGroup& whole, GroupSession& session,
               v1::GroupSessionCancelReason reason);
// Leaves and tells; her appointments are taken back.
void LeaveOne(ledger::UnitOfWork& work, const WholeGroup& whole, GroupMember& member,
              v1::GroupLeaveReason reason, absl::CivilDay day);

// Completes the group, which has its last day, and tells; also by a correction after it.
void CompleteOne(ledger::UnitOfWork& work, const Group& group, GroupMember& member,
                 const Attended& attended);

// As the group's sessions were for each member, in the order of `whole.members`.
std::vector<std::vector<SessionOfMember>> HeldFor(db::Tx& tx, const WholeGroup& whole);

}  // namespace ieum::casemgmt
