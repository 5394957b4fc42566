#include "services/casemgmt/cases/case_dues.h"

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/flow/due_rows.h"
#include "services/casemgmt/cases/task_store.h"

namespace ieum::casemgmt {
namespace {

std::vector<flow::DueRow> Find(db::Tx& tx, absl::Time now, int limit) {
  std::vector<flow::DueRow> due;
  for (const Task& task : UntoldOverdue(tx, base::KoreaDay(now), limit)) {
    // As the task stands now: one that came back to the same day is told again.
    const std::string occasion = absl::StrCat("overdue/", base::FormatDay(task.due), "/",
                                              absl::ToUnixMicros(task.update_time));
    due.push_back({base::Uuid::Derive(task.id, occasion),
                   [id = task.id, day = task.due](ledger::UnitOfWork& work) {
                     return TellOverdue(work, id, day);
                   }});
  }
  return due;
}

int64_t Count(db::Tx& tx, absl::Time now) { return CountUntoldOverdue(tx, base::KoreaDay(now)); }

}  // namespace

flow::DueWork TellingOverdue(ledger::Ledger& ledger) {
  return flow::SettleEach(
      ledger,
      {.name = "case_task_overdue", .command = "TellOverdue", .find = Find, .count = Count});
}

}  // namespace ieum::casemgmt
