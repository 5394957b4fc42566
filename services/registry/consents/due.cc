#include "services/registry/consents/due.h"

#include "absl/strings/str_cat.h"
#include "services/registry/consents/consent_commands.h"
#include "services/registry/consents/consent_store.h"

namespace ieum::registry {
namespace {

// A consent to advertising is due again every two years, each time as another one.
std::vector<flow::DueRow> Find(db::Tx& tx, absl::Time now, int limit) {
  std::vector<flow::DueRow> due;
  for (const ConsentHead& head : DueHeads(tx, now, limit)) {
    due.push_back({base::Uuid::Derive(head.consent_id, absl::StrCat("due/", head.confirmations)),
                   [head](ledger::UnitOfWork& work) { return SettleDueConsent(work, head); }});
  }
  return due;
}

}  // namespace

flow::DueWork ConsentsDue(ledger::Ledger& ledger) {
  return flow::SettleEach(ledger, {.name = "consents_due",
                                   .command = "SettleDueConsent",
                                   .find = Find,
                                   .count = CountDueHeads});
}

}  // namespace ieum::registry
