// The rows of those on lists, and which records of registry's are one person.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/activities/attendance.h"

namespace ieum::casemgmt {

std::optional<Attendance> FindAttendance(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& activity_id, const base::Uuid& id);
// The entry of the person, under whichever of her ids, or of the organization where nobody is
// named.
std::optional<Attendance> FindAttendee(db::Tx& tx, const base::Scope& scope,
                                       const base::Uuid& activity_id, const Attendee& who);
// False when the id is taken, or they are on the list.
bool InsertAttendance(db::Tx& tx, const Attendance& attendance);
// Everything that can change.
void SaveAttendance(db::Tx& tx, const base::Scope& scope, const Attendance& attendance);
// The list of one activity.
ListCounts CountList(db::Tx& tx, const base::Scope& scope, const base::Uuid& activity_id);
// Who is asked and can still come: not declined, not come, known; in order of their ids.
std::vector<Attendance> ExpectedAt(db::Tx& tx, const base::Scope& scope,
                                   const base::Uuid& activity_id);
// Gives a whole list to the centre that holds its activity now.
void MoveList(db::Tx& tx, const base::Scope& scope, const base::Uuid& activity_id,
              const std::optional<base::Uuid>& centre);

// Entries with exactly this id of a person, whichever activity and centre, in order of their ids.
std::vector<Attendance> EntriesOf(db::Tx& tx, const base::Uuid& person);
// True when what was known of the person was destroyed here. It stays true or false until the
// transaction ends: whoever takes her out of all lists waits for it.
bool WasErased(db::Tx& tx, const base::Uuid& person);
// Waits for those who write her down just now, and lets nobody begin to before the transaction
// ends.
void WaitForWriters(db::Tx& tx, const base::Uuid& person);

// Where a word of registry's stood in its ledger.
struct HeardAt {
  int shard = 0;
  int64_t position = 0;
};
struct Merge {
  base::Uuid id, survivor, duplicate;
};
// In either order and however often: an undone merge never stands again under its id.
void KeepMerge(db::Tx& tx, const Merge& merge, const HeardAt& at);
void KeepUndoneMerge(db::Tx& tx, const Merge& merge, const HeardAt& at);
// Takes back what was heard behind `kept` of the shard.
void ForgetMergesBehind(db::Tx& tx, const HeardAt& kept);

// An entry as it is shown.
struct AttendanceView {
  Attendance attendance;
  std::optional<base::Uuid> survivor;  // who stands for the person now
  int64_t version = 0;                 // of the activity
  bool completed = false;              // of a training: long enough
};
std::optional<AttendanceView> ReadAttendance(db::Tx& tx, const base::Scope& scope,
                                             const base::Uuid& activity_id, const base::Uuid& id);

const filter::ListSpec& AttendanceList();
filter::Cursor ListAttendances(db::Tx& tx, const filter::ListQuery& query,
                               std::vector<AttendanceView>* views);
// The condition of a list for one person under all her ids; `{}` is one of them.
inline constexpr char kOfPerson[] = "t.person_id IN (SELECT person_ids({}::uuid))";

}  // namespace ieum::casemgmt
