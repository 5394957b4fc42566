#include <algorithm>

#include "ieum/casemgmt/v1/errors.pb.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/activities/attendance_store.h"
#include "services/casemgmt/groups/group_commands.h"
#include "services/casemgmt/groups/group_member_store.h"
#include "services/casemgmt/groups/group_parts.h"
#include "services/casemgmt/groups/group_store.h"
#include "services/casemgmt/participants/participant_store.h"
#include "services/casemgmt/references/consent_heard.h"

namespace ieum::casemgmt {
namespace {

ledger::Done DoneWith(const GroupMember& member) {
  return {member.group_id, GroupMemberName(member.group_id, member.id)};
}

struct Asked {
  GroupMember member;
  bool is_new = false;
};

// Again, not before she left; or for the first time.
absl::StatusOr<Asked> Ask(ledger::UnitOfWork& work, const InviteMemberInput& input,
                          absl::CivilDay formed) {
  const auto known = FindGroupMemberOf(work.tx(), input.group.group_id, input.person);
  if (known && known->state != v1::GROUP_MEMBER_STATE_LEFT) {
    return base::AlreadyExists(v1::ERROR_REASON_MEMBER_LISTED_ALREADY,
                               "the person is asked already, or takes part");
  }
  Asked asked{.member = known.value_or(GroupMember()), .is_new = !known};
  GroupMember& member = asked.member;
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   DayOf(work, input.group, std::max(formed, member.leave_day.value_or(formed)),
                         "invited_date"));
  if (known) {
    ASSIGN_OR_RETURN(member.state, NextState(known->state, MemberStep::kInviteAgain));
  } else {
    member.id = input.member_id.value_or(work.DeriveId("member"));
    member.group_id = input.group.group_id;
    member.person = input.person;
    member.create_time = work.now();
  }
  member.invited_day = day;
  member.join_day.reset();
  member.leave_day.reset();
  member.leave_reason = v1::GROUP_LEAVE_REASON_UNSPECIFIED;
  return asked;
}

struct Loaded {
  WholeGroup whole;
  GroupMember* member = nullptr;
};

absl::StatusOr<Loaded> Found(const MemberInput& input, absl::StatusOr<WholeGroup> whole) {
  if (!whole.ok()) return std::move(whole).status();
  Loaded loaded{.whole = *std::move(whole)};
  loaded.member = loaded.whole.member(input.member_id);
  if (loaded.member != nullptr) return loaded;
  return base::NotFound(GroupMemberName(input.group.group_id, input.member_id));
}

}  // namespace

absl::StatusOr<ledger::Done> InviteMember(ledger::UnitOfWork& work,
                                          const InviteMemberInput& input) {
  ASSIGN_OR_RETURN(const WholeGroup whole, LockWhole(work, input.group));
  RETURN_IF_ERROR(NextState(whole.group.state, GroupStep::kInvite).status());
  if (WasErased(work.tx(), input.person)) {
    return base::Forbidden(platform::v1::ERROR_REASON_PERSON_ERASED,
                           "the person's data were erased; nobody can be asked");
  }
  ASSIGN_OR_RETURN(Asked asked, Ask(work, input, whole.group.formed_day));
  RETURN_IF_ERROR(CheckPlaces(whole.group, whole.places() + 1));
  GroupMember& member = asked.member;
  if (!asked.is_new) {
    Save(work, member);
  } else {
    member.participant = ParticipantOf(work, input.person);
    if (!InsertGroupMember(work.tx(), member)) {
      return base::AlreadyExists("ID_TAKEN", "there is a member with this id; choose another");
    }
  }
  Append(work, whole.group, EventOf<v1::GroupMemberInvited>(whole.group, member, work.now()));
  return DoneWith(member);
}

absl::StatusOr<ledger::Done> JoinMember(ledger::UnitOfWork& work, const MemberInput& input) {
  WholeGroup looked_at = LookAt(work.tx(), input.group.group_id);
  const GroupMember* seen = looked_at.member(input.member_id);
  const int joins = seen == nullptr ? 1 : seen->joins + 1;
  work.Lock(LocksOf(looked_at, {.members = {{input.member_id, joins}}}));
  ASSIGN_OR_RETURN(Loaded loaded, Found(input, LoadWhole(work, input.group, looked_at)));
  WholeGroup& whole = loaded.whole;
  GroupMember& member = *loaded.member;
  RETURN_IF_ERROR(NextState(whole.group.state, GroupStep::kJoin).status());
  ASSIGN_OR_RETURN(member.state, NextState(member.state, MemberStep::kJoin));
  ASSIGN_OR_RETURN(member.join_day, DayOf(work, input.group, member.invited_day, "join_date"));
  RETURN_IF_ERROR(RequireConsent(work.tx(), *member.person,
                                 registry::v1::CONSENT_PURPOSE_COLLECTION, work.now()));
  ++member.joins;
  Save(work, member);
  auto event = EventOf<v1::GroupMemberJoined>(whole.group, member, work.now());
  Append(work, whole.group, event);
  Expect(work, whole, member);
  return DoneWith(member);
}

absl::StatusOr<ledger::Done> LeaveMember(ledger::UnitOfWork& work, const MemberInput& input,
                                         v1::GroupLeaveReason reason) {
  ASSIGN_OR_RETURN(Loaded loaded, Found(input, LockWhole(work, input.group)));
  GroupMember& member = *loaded.member;
  RETURN_IF_ERROR(NextState(loaded.whole.group.state, GroupStep::kLeave).status());
  RETURN_IF_ERROR(NextState(member.state, MemberStep::kLeave).status());
  ASSIGN_OR_RETURN(
      const absl::CivilDay day,
      DayOf(work, input.group, member.join_day.value_or(member.invited_day), "leave_date"));
  LeaveOne(work, loaded.whole, member, reason, day);
  return DoneWith(member);
}

std::vector<base::Uuid> MembershipsTouched(db::Tx& tx, const base::Uuid& person) {
  std::vector<base::Uuid> ids;
  for (const GroupMember& each : GroupMembershipsOf(tx, person)) {
    for (const base::Uuid& id : LocksOf(LookAt(tx, each.group_id), {})) ids.push_back(id);
  }
  return ids;
}

absl::Status ForgetMembershipsOf(ledger::UnitOfWork& work, const base::Uuid& person) {
  for (const GroupMember& each : GroupMembershipsOf(work.tx(), person)) {
    WholeGroup whole = LookAt(work.tx(), each.group_id);
    const auto group = FindGroup(work.tx(), Reach::Everything(), each.group_id);
    if (!group) continue;
    whole.group = *group;
    GroupMember& member = *whole.member(each.id);
    member.person.reset();
    if (member.holds_a_place()) {
      LeaveOne(work, whole, member, v1::GROUP_LEAVE_REASON_ERASED, base::KoreaDay(work.now()));
    } else {
      Save(work, member);
    }
  }
  return absl::OkStatus();
}

}  // namespace ieum::casemgmt
