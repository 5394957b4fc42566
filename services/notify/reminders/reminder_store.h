// The rows of the plan, what is kept for plans to come, and the notices that are owed.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/notify/reminders/plan.h"
#include "services/notify/reminders/reminder.h"

namespace ieum::notify {

// Whoever changes the plan of a subject waits here for the others that do, until commit. All at
// once and in one order, so that two never wait for each other in a circle.
void LockSubjects(db::Tx& tx, const std::vector<std::string>& subjects);
// Waits for nobody: those of these that nobody else holds.
std::set<std::string> TryLockSubjects(db::Tx& tx, const std::vector<std::string>& subjects);

// All rows of these subjects, of whatever rule.
std::vector<Reminder> RemindersOf(db::Tx& tx, const std::vector<std::string>& subjects);
std::vector<Reminder> FindReminders(db::Tx& tx, const std::vector<base::Uuid>& ids);
// A new row, or one that was pending until now; another one runs the transaction again, because
// somebody else was faster.
void SaveReminder(db::Tx& tx, const Reminder& reminder);
// What a release or skip changes in rows that were pending until now, likewise.
void SaveSettled(db::Tx& tx, const std::vector<Reminder>& reminders);

// The earliest pending rows whose instant is not after `now`.
struct DueReminder {
  base::Uuid id;
  std::string subject_id;
};
std::vector<DueReminder> FindDueReminders(db::Tx& tx, absl::Time now, int limit);
int64_t CountDueReminders(db::Tx& tx, absl::Time now);

std::vector<Occasion> KeptOccasions(db::Tx& tx, const std::vector<std::string>& subjects);
void KeepOccasion(db::Tx& tx, const Occasion& occasion);
void DropOccasion(db::Tx& tx, const Occasion& occasion);

// False when this notice is owed already.
bool OweNotice(db::Tx& tx, const Notice& notice);

// A row as it is shown; one of a centre that the scope does not hold is as if it were not there.
struct ReminderView {
  Reminder reminder;
  int64_t version = 0;
};
std::optional<ReminderView> ReadReminder(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id);
const filter::ListSpec& ReminderList();
ReminderView ReadReminderRow(const db::Row& row);

}  // namespace ieum::notify
