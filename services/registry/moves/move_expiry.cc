#include "services/registry/moves/move_expiry.h"

#include "services/registry/moves/move_commands.h"
#include "services/registry/moves/move_store.h"

namespace ieum::registry {
namespace {

// A move ends once, so its id names the end.
std::vector<flow::DueRow> Find(db::Tx& tx, absl::Time now, int limit) {
  std::vector<flow::DueRow> due;
  for (const base::Uuid& id : EndedMoves(tx, now, limit)) {
    due.push_back({base::Uuid::Derive(id, "move-expired"),
                   [id](ledger::UnitOfWork& work) { return ExpireMove(work, id); }});
  }
  return due;
}

}  // namespace

flow::DueWork MoveExpiry(ledger::Ledger& ledger) {
  return flow::SettleEach(
      ledger,
      {.name = "move_expiry", .command = "ExpireMove", .find = Find, .count = CountEndedMoves});
}

}  // namespace ieum::registry
