#include "services/casemgmt/followups/retention_dues.h"

#include "platform/base/korea_time.h"
#include "services/casemgmt/followups/retention_commands.h"
#include "services/casemgmt/followups/retention_store.h"

namespace ieum::casemgmt {
namespace {

// A check that moved is another occurrence, so its id names the day that is due.
std::vector<flow::DueRow> Find(db::Tx& tx, absl::Time now, int limit) {
  std::vector<flow::DueRow> due;
  for (const UntoldCheck& each : UntoldRetentionChecks(tx, base::KoreaDay(now), limit)) {
    due.push_back({base::Uuid::Derive(each.occurrence, "retention-check-due"),
                   [each](ledger::UnitOfWork& work) {
                     return TellRetentionCheckDue(work, each.case_id, each.occurrence);
                   }});
  }
  return due;
}

}  // namespace

flow::DueWork RetentionDues(ledger::Ledger& ledger) {
  return flow::SettleEach(ledger, {.name = "retention_dues",
                                   .command = "TellRetentionCheckDue",
                                   .find = Find,
                                   .count = [](db::Tx& tx, absl::Time now) {
                                     return CountUntoldRetentionChecks(tx, base::KoreaDay(now));
                                   }});
}

}  // namespace ieum::casemgmt
