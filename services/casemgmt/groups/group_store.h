// The rows of peer groups.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/groups/group.h"

namespace ieum::casemgmt {

// A group outside of the reach is as if it were not there. Within it are groups of the team's
// centres, and those that the caller leads or formed.
std::optional<Group> FindGroup(db::Tx& tx, const Reach& reach, const base::Uuid& id);
enum class GroupInserted { kYes, kIdTaken, kCodeTaken };
GroupInserted InsertGroup(db::Tx& tx, const Group& group);
// Everything that can change, of a group that was found in reach.
void SaveGroup(db::Tx& tx, const Group& group);

struct GroupCounts {
  int invited = 0, active = 0, completed = 0;  // members
  int planned_sessions = 0, held_sessions = 0, cancelled_sessions = 0;
  int sessions() const { return planned_sessions + held_sessions + cancelled_sessions; }
  int places() const { return invited + active; }
};
// The id was found in reach.
GroupCounts CountsOf(db::Tx& tx, const base::Uuid& group_id);

// A group as it is shown.
struct GroupView {
  Group group;
  GroupCounts counts;
  int64_t version = 0;
};
std::optional<GroupView> ReadGroup(db::Tx& tx, const Reach& reach, const base::Uuid& id);

const filter::ListSpec& GroupList();
filter::Cursor ListGroups(db::Tx& tx, const filter::ListQuery& query,
                          std::vector<GroupView>* views);
// Only groups within the reach, in a list that joins peer_group as `g`.
void WhereGroupReach(filter::ListQuery& query, const Reach& reach);

}  // namespace ieum::casemgmt
