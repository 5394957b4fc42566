#include "services/registry/consents/due.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "services/registry/consents/consent_commands.h"
#include "services/registry/consents/consent_store.h"

namespace ieum::registry {
namespace {

constexpr int kStepHeads = 20;  // a small piece of work, as the loop asks for

absl::Status Settle(ledger::Ledger& ledger, const ConsentHead& head) {
  ledger::Command command;
  command.name = "SettleDueConsent";
  command.request_id =
      base::Uuid::Derive(head.consent_id, absl::StrCat("due/", head.confirmations));
  command.request_hash = crypto::Hash(command.name);
  command.caller.actor = "service/" + ledger.service();
  command.caller.correlation_id = command.request_id.ToString();
  return ledger.Run(command, [&](ledger::UnitOfWork& work) { return SettleDueConsent(work, head); })
      .status();
}

absl::StatusOr<bool> Step(ledger::Ledger& ledger, absl::Time now) {
  std::vector<ConsentHead> due;
  RETURN_IF_ERROR(ledger.database().ReadOne("consents_due", [&](db::Tx& tx) {
    due = DueHeads(tx, now, kStepHeads);
    return absl::OkStatus();
  }));
  for (const ConsentHead& head : due) RETURN_IF_ERROR(Settle(ledger, head));
  return due.size() == kStepHeads;
}

absl::StatusOr<int64_t> Count(ledger::Ledger& ledger, absl::Time now) {
  int64_t count = 0;
  RETURN_IF_ERROR(ledger.database().ReadOne("consents_due_count", [&](db::Tx& tx) {
    count = CountDueHeads(tx, now);
    return absl::OkStatus();
  }));
  return count;
}

}  // namespace

flow::DueWork ConsentsDue(ledger::Ledger& ledger) {
  flow::DueWork work;
  work.name = "consents_due";
  work.step = [&ledger](absl::Time now) { return Step(ledger, now); };
  work.count_due = [&ledger](absl::Time now) { return Count(ledger, now); };
  return work;
}

}  // namespace ieum::registry
