// Due work that is a row of a table each: found oldest first, and settled by a command of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platform/flow/due_work.h"
#include "platform/ledger/ledger.h"

namespace ieum::flow {

struct DueRow {
  // Names this end of this row and no other: settled twice, it changes nothing.
  base::Uuid request_id;
  std::function<absl::StatusOr<ledger::Done>(ledger::UnitOfWork&)> settle;
};

struct DueRows {
  std::string name;     // of the work: "offer_expiry"
  const char* command;  // that settles one: "ExpireOffer"
  // At most `limit` rows due at `now`, those that wait longest first. A settled one is not due.
  std::function<std::vector<DueRow>(db::Tx&, absl::Time now, int limit)> find;
  std::function<int64_t(db::Tx&, absl::Time now)> count;
};

// For App::AddDueWork; the ledger outlives it. A row that is refused is tried again with every
// look, and those behind it are settled meanwhile; what cannot be reached at all ends the step.
DueWork SettleEach(ledger::Ledger& ledger, DueRows rows);

}  // namespace ieum::flow
