#include "services/registry/access/expiry.h"

#include "services/registry/access/access_commands.h"
#include "services/registry/access/access_store.h"

namespace ieum::registry {
namespace {

std::vector<flow::DueRow> Find(db::Tx& tx, absl::Time now, int limit) {
  std::vector<flow::DueRow> due;
  for (const SubjectGrant& grant : ExpiredGrants(tx, now, limit)) {
    due.push_back({base::Uuid::Derive(grant.id, "expired"),
                   [grant](ledger::UnitOfWork& work) { return ExpireGrant(work, grant); }});
  }
  return due;
}

}  // namespace

flow::DueWork GrantExpiry(ledger::Ledger& ledger) {
  return flow::SettleEach(ledger, {.name = "grant_expiry",
                                   .command = "ExpireGrant",
                                   .find = Find,
                                   .count = CountExpiredGrants});
}

}  // namespace ieum::registry
