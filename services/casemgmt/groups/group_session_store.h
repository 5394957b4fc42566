// The rows of sessions of peer groups, of who came, and of what coaches wrote down. Whoever asks
// has found the group in reach.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/person_keys.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/groups/group_session.h"

namespace ieum::casemgmt {

std::optional<GroupSession> FindGroupSession(db::Tx& tx, const base::Uuid& group_id,
                                             const base::Uuid& id);
// All of one group, in order of time.
std::vector<GroupSession> GroupSessionsOf(db::Tx& tx, const base::Uuid& group_id);
// False when an id or number is taken.
bool InsertGroupSession(db::Tx& tx, const GroupSession& session);
// Everything that can change.
void SaveGroupSession(db::Tx& tx, const GroupSession& session);

// All of a session, whatever they say.
std::vector<GroupAttendance> GroupAttendancesOf(db::Tx& tx, const base::Uuid& session_id);
// A first record, or a correction as its next revision; what it was before is kept.
void SaveGroupAttendance(db::Tx& tx, const GroupAttendance& attendance);

// Sealed words.
void InsertGroupLog(db::Tx& tx, const GroupLog& log, const db::Param& box);
// Takes the words of all revisions of the session out.
void TakeOutGroupLogs(db::Tx& tx, const base::Uuid& session_id);

// A session as it is shown.
struct GroupSessionView {
  GroupSession session;
  int present = 0, absent = 0;
  int64_t version = 0;  // of the group
};
std::optional<GroupSessionView> ReadGroupSession(db::Tx& tx, const Reach& reach,
                                                 const base::Uuid& group_id, const base::Uuid& id);
const filter::ListSpec& GroupSessionList();
filter::Cursor ListGroupSessions(db::Tx& tx, const filter::ListQuery& query,
                                 std::vector<GroupSessionView>* views);

// Whether a member came, as it is shown.
struct GroupAttendanceView {
  GroupAttendance attendance;
  std::optional<base::Uuid> person;  // as she was invited
  absl::CivilDay session_day;
  int64_t version = 0;  // of the group
};
std::optional<GroupAttendanceView> ReadGroupAttendance(db::Tx& tx, const Reach& reach,
                                                       const base::Uuid& group_id,
                                                       const base::Uuid& id);
const filter::ListSpec& GroupAttendanceList();
filter::Cursor ListGroupAttendances(db::Tx& tx, const filter::ListQuery& query,
                                    std::vector<GroupAttendanceView>* views);

struct GroupLogRow {
  GroupLog log;     // without its text
  std::string box;  // empty = taken out
};
const filter::ListSpec& GroupLogList();
filter::Cursor ListGroupLogs(db::Tx& tx, const filter::ListQuery& query,
                             std::vector<GroupLogRow>* rows);
// Of one revision, found in reach by the command that wrote it.
std::optional<GroupLogRow> FindGroupLog(db::Tx& tx, const base::Uuid& session_id, int revision);

}  // namespace ieum::casemgmt
