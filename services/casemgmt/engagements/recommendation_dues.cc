#include "services/casemgmt/engagements/recommendation_dues.h"

#include "platform/base/korea_time.h"
#include "services/casemgmt/engagements/recommendation_commands.h"
#include "services/casemgmt/engagements/recommendation_store.h"

namespace ieum::casemgmt {
namespace {

// A check keeps its day for ever, so its id names the day that is due.
std::vector<flow::DueRow> Find(db::Tx& tx, absl::Time now, int limit) {
  std::vector<flow::DueRow> due;
  for (const DueAdoptionCheck& each : UntoldAdoptionChecks(tx, base::KoreaDay(now), limit)) {
    due.push_back(
        {base::Uuid::Derive(each.check_id, "adoption-check-due"), [each](ledger::UnitOfWork& work) {
           return TellAdoptionCheckDue(work, each.engagement_id, each.recommendation_id,
                                       each.check_id);
         }});
  }
  return due;
}

}  // namespace

flow::DueWork AdoptionCheckDues(ledger::Ledger& ledger) {
  return flow::SettleEach(ledger, {.name = "adoption_check_dues",
                                   .command = "TellAdoptionCheckDue",
                                   .find = Find,
                                   .count = [](db::Tx& tx, absl::Time now) {
                                     return CountUntoldAdoptionChecks(tx, base::KoreaDay(now));
                                   }});
}

}  // namespace ieum::casemgmt
