#include "services/casemgmt/cases/same_person_commands.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/flow/due_rows.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/cases/same_person_store.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/participants/participant_store.h"

namespace ieum::casemgmt {
namespace {

base::Uuid TaskOfSamePerson(const base::Uuid& case_id) { return TaskId(case_id, "same_person"); }

void Tell(ledger::UnitOfWork& work, const Case& c) {
  const auto known = FindTask(work.tx(), TaskOfSamePerson(c.id));
  if (known && known->state == v1::CASE_TASK_STATE_OPEN) return;
  const absl::CivilDay due = base::KoreaDay(work.now()) + kAgreeDays;
  PutKnownTask(work, known, TaskOf(c, v1::CASE_TASK_KIND_SAME_PERSON, "same_person", due));
}

std::vector<flow::DueRow> Find(db::Tx& tx, absl::Time, int limit) {
  std::vector<flow::DueRow> due;
  for (const SamePersonTask& task : TasksWithoutAnother(tx, limit)) {
    // As it stands now: one that was set again ends again.
    const std::string occasion = absl::StrCat("alone/", absl::ToUnixMicros(task.update_time));
    due.push_back(
        {base::Uuid::Derive(task.id, occasion), [case_id = task.case_id](ledger::UnitOfWork& work) {
           return EndSamePerson(work, case_id);
         }});
  }
  return due;
}

}  // namespace

void HoldOpenings(db::Tx& tx, const std::vector<base::Uuid>& persons) {
  std::set<base::Uuid> survivors;
  for (const base::Uuid& person : persons) survivors.insert(SurvivorOf(tx, person));
  for (const base::Uuid& survivor : survivors) HoldOpeningOf(tx, survivor);
}

void TellSamePerson(ledger::UnitOfWork& work, const std::vector<base::Uuid>& cases) {
  for (const base::Uuid& id : cases) {
    if (OthersOpen(work.tx(), Reach::Everything(), id).empty()) {
      EndTask(work, TaskOfSamePerson(id), v1::CASE_TASK_STATE_DONE);
      continue;
    }
    if (const auto c = FindCase(work.tx(), Reach::Everything(), id)) Tell(work, *c);
  }
}

absl::StatusOr<ledger::Done> EndSamePerson(ledger::UnitOfWork& work, const base::Uuid& case_id) {
  work.Lock({case_id});
  const base::Uuid task = TaskOfSamePerson(case_id);
  // Her records were merged with a third one since it was found. Its task stands as it stood, so an
  // answer would be remembered as its end, and there would be no other one.
  if (!OthersOpen(work.tx(), Reach::Everything(), case_id).empty()) {
    return absl::AbortedError("another case of the person is open again");
  }
  EndTask(work, task, v1::CASE_TASK_STATE_DONE);
  return ledger::Done{case_id, TaskName(task)};
}

std::vector<std::string> SamePersonCases(db::Tx& tx, const Reach& reach, const base::Uuid& id) {
  std::vector<std::string> names;
  for (const base::Uuid& other : OthersOpen(tx, reach, id)) names.push_back(CaseName(other));
  return names;
}

flow::DueWork SamePersonDues(ledger::Ledger& ledger) {
  return flow::SettleEach(
      ledger, {.name = "case_same_person",
               .command = "EndSamePerson",
               .find = Find,
               .count = [](db::Tx& tx, absl::Time) { return CountTasksWithoutAnother(tx); }});
}

}  // namespace ieum::casemgmt
