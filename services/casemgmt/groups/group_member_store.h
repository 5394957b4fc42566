// The rows of members of peer groups. Whoever asks has found the group in reach.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/groups/group_member.h"

namespace ieum::casemgmt {

std::optional<GroupMember> FindGroupMember(db::Tx& tx, const base::Uuid& group_id,
                                           const base::Uuid& id);
// The person's, under whichever of her ids; of several rows the one that takes part.
std::optional<GroupMember> FindGroupMemberOf(db::Tx& tx, const base::Uuid& group_id,
                                             const base::Uuid& person);
// All of one group, in order of their ids.
std::vector<GroupMember> GroupMembersOf(db::Tx& tx, const base::Uuid& group_id);
// False when the id is taken, or the person is there under this id.
bool InsertGroupMember(db::Tx& tx, const GroupMember& member);
// Everything that can change.
void SaveGroupMember(db::Tx& tx, const GroupMember& member);
// Rows with exactly this id of a person, in order of their ids.
std::vector<GroupMember> GroupMembershipsOf(db::Tx& tx, const base::Uuid& person);

// When those of a group were in it before, in order: who never left and came again is not there.
std::map<base::Uuid, std::vector<GroupTime>> EarlierTimesIn(db::Tx& tx, const base::Uuid& group_id);

// The held sessions of their groups as they were for these members, in the order of time; who has
// no row of attendance is there, too. In order of members' ids.
struct MemberSessions {
  base::Uuid member_id;
  std::vector<SessionOfMember> held;
};
std::vector<MemberSessions> HeldSessionsOf(db::Tx& tx, const std::vector<base::Uuid>& member_ids);

// A member as she is shown.
struct GroupMemberView {
  GroupMember member;
  std::optional<base::Uuid> survivor;  // who stands for the person now
  Attended attended;
  int absences_in_a_row = 0;
  int64_t version = 0;  // of the group
};
std::optional<GroupMemberView> ReadGroupMember(db::Tx& tx, const Reach& reach,
                                               const base::Uuid& group_id, const base::Uuid& id);

const filter::ListSpec& GroupMemberList();
filter::Cursor ListGroupMembers(db::Tx& tx, const filter::ListQuery& query,
                                std::vector<GroupMemberView>* views);
// The condition of a list for one person under all her ids; `{}` is one of them.
inline constexpr char kMemberIsPerson[] = "m.person_id = ANY(ARRAY(SELECT person_ids({}::uuid)))";

}  // namespace ieum::casemgmt
