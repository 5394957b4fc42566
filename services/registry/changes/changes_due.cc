#include "services/registry/changes/changes_due.h"

#include "absl/strings/str_cat.h"
#include "services/registry/changes/change_commands.h"
#include "services/registry/changes/change_store.h"

namespace ieum::registry {

flow::DueWork ChangesDue(ledger::Ledger& ledger, const crypto::Vault& vault) {
  const db::PersonKeys keys(vault);
  // Every version of what it is of is looked at once, and its end comes once.
  const auto find = [keys](db::Tx& tx, absl::Time now, int limit) {
    std::vector<flow::DueRow> due;
    for (const DueChange& row : FindChangesDue(tx, now, limit)) {
      const base::Uuid id = row.change.id;
      const std::string which = now >= row.change.expires_at
                                    ? std::string("expired")
                                    : absl::StrCat("seen/", row.target_version);
      due.push_back({base::Uuid::Derive(id, which), [keys, id](ledger::UnitOfWork& work) {
                       return SettleDueChange(work, keys, id);
                     }});
    }
    return due;
  };
  return flow::SettleEach(ledger, {.name = "changes_due",
                                   .command = "SettleDueChange",
                                   .find = find,
                                   .count = CountChangesDue});
}

}  // namespace ieum::registry
