#include "services/registry/access/expiry.h"

#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "services/registry/access/access_commands.h"
#include "services/registry/access/access_store.h"

namespace ieum::registry {
namespace {

constexpr int kStepGrants = 20;  // a small piece of work, as the loop asks for

absl::Status End(ledger::Ledger& ledger, const SubjectGrant& grant) {
  ledger::Command command;
  command.name = "ExpireGrant";
  command.request_id = base::Uuid::Derive(grant.id, "expired");
  command.request_hash = crypto::Hash(command.name);
  command.caller.actor = "service/" + ledger.service();
  command.caller.correlation_id = command.request_id.ToString();
  return ledger.Run(command, [&](ledger::UnitOfWork& work) { return ExpireGrant(work, grant); })
      .status();
}

absl::StatusOr<bool> Step(ledger::Ledger& ledger, absl::Time now) {
  std::vector<SubjectGrant> expired;
  RETURN_IF_ERROR(ledger.database().ReadOne("grants_expired", [&](db::Tx& tx) {
    expired = ExpiredGrants(tx, now, kStepGrants);
    return absl::OkStatus();
  }));
  for (const SubjectGrant& grant : expired) RETURN_IF_ERROR(End(ledger, grant));
  return expired.size() == kStepGrants;
}

absl::StatusOr<int64_t> Count(ledger::Ledger& ledger, absl::Time now) {
  int64_t count = 0;
  RETURN_IF_ERROR(ledger.database().ReadOne("grants_expired_count", [&](db::Tx& tx) {
    count = CountExpiredGrants(tx, now);
    return absl::OkStatus();
  }));
  return count;
}

}  // namespace

flow::DueWork GrantExpiry(ledger::Ledger& ledger) {
  flow::DueWork work;
  work.name = "grant_expiry";
  work.step = [&ledger](absl::Time now) { return Step(ledger, now); };
  work.count_due = [&ledger](absl::Time now) { return Count(ledger, now); };
  return work;
}

}  // namespace ieum::registry
