#include "services/registry/exports/export_dues.h"

#include "platform/base/korea_time.h"
#include "services/registry/exports/data_export_commands.h"
#include "services/registry/exports/data_export_store.h"

namespace ieum::registry {
namespace {

// The last day of those that are to be told of today.
absl::CivilDay LastDay(absl::Time now) { return base::KoreaDay(now) + kNoticeDays; }

// A request is told of once in its life.
std::vector<flow::DueRow> Find(db::Tx& tx, absl::Time now, int limit) {
  const absl::CivilDay today = base::KoreaDay(now);
  std::vector<flow::DueRow> due;
  for (const base::Uuid& id : DataExportsDue(tx, LastDay(now), limit)) {
    due.push_back(
        {base::Uuid::Derive(id, "data-export-due"),
         [id, today](ledger::UnitOfWork& work) { return TellDataExportDue(work, id, today); }});
  }
  return due;
}

}  // namespace

flow::DueWork DataExportDues(ledger::Ledger& ledger) {
  return flow::SettleEach(ledger, {.name = "data_exports_due",
                                   .command = "TellDataExportDue",
                                   .find = Find,
                                   .count = [](db::Tx& tx, absl::Time now) {
                                     return CountDataExportsDue(tx, LastDay(now));
                                   }});
}

}  // namespace ieum::registry
