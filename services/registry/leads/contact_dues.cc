#include "services/registry/leads/contact_dues.h"

#include "platform/base/korea_time.h"
#include "services/registry/leads/lead_commands.h"
#include "services/registry/leads/lead_store.h"

namespace ieum::registry {
namespace {

// A lead is signed once in its life, so its id names the day that is due.
std::vector<flow::DueRow> Find(db::Tx& tx, absl::Time now, int limit) {
  const absl::CivilDay today = base::KoreaDay(now);
  std::vector<flow::DueRow> due;
  for (const base::Uuid& id : LeadsDue(tx, today, limit)) {
    due.push_back({base::Uuid::Derive(id, "contact-due"), [id, today](ledger::UnitOfWork& work) {
                     return TellContactDue(work, id, today);
                   }});
  }
  return due;
}

}  // namespace

flow::DueWork ContactDues(ledger::Ledger& ledger) {
  return flow::SettleEach(ledger, {.name = "contact_dues",
                                   .command = "TellContactDue",
                                   .find = Find,
                                   .count = [](db::Tx& tx, absl::Time now) {
                                     return CountLeadsDue(tx, base::KoreaDay(now));
                                   }});
}

}  // namespace ieum::registry
