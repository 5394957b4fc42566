// The table `case_task`, and what use cases of every room do with it. The task's aggregate is
// locked.
#pragma once

#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/cases/task.h"

namespace ieum::casemgmt {

// There is this to be done (CaseTaskSet), or it is due on another day (CaseTaskDueMoved) or
// another's (CaseTaskReassigned). What is so already changes nothing; an ended one is open again.
void PutTask(ledger::UnitOfWork& work, const Task& task);
// It is done, or no longer needed (CaseTaskEnded). One that is not open changes nothing.
void EndTask(ledger::UnitOfWork& work, const base::Uuid& task_id, v1::CaseTaskState state);
// The same for who has looked: `known` is the task as it stands, nullopt = it does not.
void PutKnownTask(ledger::UnitOfWork& work, const std::optional<Task>& known, const Task& task);
void EndKnownTask(ledger::UnitOfWork& work, Task task, v1::CaseTaskState state);
// Of a case: all that is open is dropped, but for these kinds.
void DropTasks(ledger::UnitOfWork& work, const base::Uuid& case_id,
               const std::vector<v1::CaseTaskKind>& but = {});
// The clocks of a case's tasks stand, or go on so many days later.
void PauseTasks(ledger::UnitOfWork& work, const base::Uuid& case_id);
void ResumeTasks(ledger::UnitOfWork& work, const Case& c, int days);
// The open tasks of a case are in the list of whoever manages it now, and in its centre.
void GiveTasks(ledger::UnitOfWork& work, const Case& c);
// The same where the case stays in its centre: what somebody else than `from` sees to stays his.
void GiveTasksFrom(ledger::UnitOfWork& work, const Case& c, const std::optional<base::Uuid>& from);

std::optional<Task> FindTask(db::Tx& tx, const base::Uuid& id);
// The same for a caller: one's own, or of a centre whose cases are seen.
std::optional<Task> ReadTask(db::Tx& tx, const Reach& reach, const base::Uuid& id);
std::vector<Task> OpenTasksOf(db::Tx& tx, const base::Uuid& case_id);
// Those of a case that the use case has locked, and these of it, open or not.
std::vector<Task> OpenTasksAnd(ledger::UnitOfWork& work, const base::Uuid& case_id,
                               const std::vector<base::Uuid>& ids);

const filter::ListSpec& TaskList();
// Whose tasks the list is of; `mine`: the caller's alone; `ended`: those that are not open.
void WhereTasks(filter::ListQuery& query, const Reach& reach, bool mine, bool ended);
filter::Cursor ListTasks(db::Tx& tx, const filter::ListQuery& query, std::vector<Task>* tasks);

// Tasks whose last day was over before `today` and nobody was told, the longest over first.
std::vector<Task> UntoldOverdue(db::Tx& tx, absl::CivilDay today, int limit);
int64_t CountUntoldOverdue(db::Tx& tx, absl::CivilDay today);
// CaseTaskOverdue, unless it was done or moved meanwhile. Once for each day on which it was due.
absl::StatusOr<ledger::Done> TellOverdue(ledger::UnitOfWork& work, const base::Uuid& task_id,
                                         absl::CivilDay due);

}  // namespace ieum::casemgmt
