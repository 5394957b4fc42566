// The rows of sessions, and which run of absences was told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/sessions/session.h"

namespace ieum::casemgmt {

// Of a case that was loaded, so that its reach was asked.
std::optional<Session> FindSession(db::Tx& tx, const base::Uuid& case_id, const base::Uuid& id);
int CountSessions(db::Tx& tx, const base::Uuid& case_id);
// What took place or was missed, in no order.
std::vector<EndedSession> EndedSessionsOf(db::Tx& tx, const base::Uuid& case_id);
// The day on which one took place last; nullopt = none did.
std::optional<absl::CivilDay> LastHeldDay(db::Tx& tx, const base::Uuid& case_id);
// Planned or booked, in order of their ids.
std::vector<Session> OpenSessionsOf(db::Tx& tx, const base::Uuid& case_id);
// `goal_box`: sealed; NULL = none. False when the id is taken.
bool InsertSession(db::Tx& tx, const Session& session, const db::Param& goal_box);
// Everything that can change.
void SaveSession(db::Tx& tx, const Session& session);

// The run that was told last, by the session before it; nullopt = none was.
std::optional<std::optional<base::Uuid>> ToldRun(db::Tx& tx, const base::Uuid& case_id);
void SaveToldRun(db::Tx& tx, const base::Uuid& case_id, const AbsenceRun& run, absl::Time now);

// A session as it is shown.
struct SessionView {
  Session session;
  int64_t version = 0;               // of the case
  std::optional<base::Uuid> person;  // under whose key its words are; nullopt = erased
  std::string goal_box;              // empty = none, or in a list
  bool has_goal = false;
};
std::optional<SessionView> ReadSession(db::Tx& tx, const Reach& reach, const base::Uuid& case_id,
                                       const base::Uuid& id);

const filter::ListSpec& SessionList();
filter::Cursor ListSessions(db::Tx& tx, const filter::ListQuery& query,
                            std::vector<SessionView>* views);

struct SessionCounts {
  int open = 0, done = 0, done_minutes = 0, no_show = 0, unexcused = 0, cancelled = 0;
  std::optional<absl::CivilDay> last_done_day;
  int64_t version = 0;  // of the case
};
// nullopt: there is no such case within the reach.
std::optional<SessionCounts> CountOutcomes(db::Tx& tx, const Reach& reach,
                                           const base::Uuid& case_id);

}  // namespace ieum::casemgmt
