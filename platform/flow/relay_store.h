// What the relay reads from its own database, and the one row it writes: its belief.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/db/database.h"
#include "platform/flow/relay_core.h"

namespace ieum::flow {

absl::StatusOr<Beliefs> LoadBeliefs(db::Database& database);
// `now`: durable when it returns; otherwise soon.
absl::Status SaveBeliefs(db::Database& database, const Beliefs& beliefs, bool now);

absl::StatusOr<LedgerHead> ReadHead(db::Database& database);

struct LedgerNews {
  LedgerHead head;
  std::vector<platform::v1::LedgerEvent>
      events;  // by shard and position, each shard without a hole
};
// What stands in the ledger from the given positions on: counters first (one page), rows only where
// they say that there are some. At most about `max_events` and `max_bytes` of payload.
absl::StatusOr<LedgerNews> ReadNews(db::Database& database, const ShardPositions& from,
                                    int max_events, size_t max_bytes);

// First position of each shard that was recorded at `since` or later; last + 1 when there is none.
absl::StatusOr<ShardPositions> FirstSince(db::Database& database, const LedgerHead& head,
                                          absl::Time since);

// When the oldest of the events at these positions was recorded; `now` when none of them exists.
absl::StatusOr<absl::Duration> AgeOfOldest(db::Database& database, const ShardPositions& at);

}  // namespace ieum::flow
