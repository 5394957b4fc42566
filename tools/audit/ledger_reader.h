// Ledgers as laws read them: forwards, a chunk at a time, so that a long one is never held whole.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/base/uuid.h"
#include "platform/db/database.h"

namespace ieum::audit {

using Positions = std::array<int64_t, base::Uuid::kShards>;

// An event without its payload.
struct EventKey {
  int shard = 0;
  int64_t pos = 0;
  base::Uuid event_id;
  base::Uuid aggregate;
  int64_t version = 0;
  std::string actor;
  std::string correlation_id;
  std::string causation_id;
  absl::Time recorded_at;
};

// All events by shard and position.
absl::Status EachKey(db::Database& database, absl::FunctionRef<void(const EventKey&)> each);
// All events by aggregate and version.
absl::Status EachVersion(db::Database& database, absl::FunctionRef<void(const EventKey&)> each);
// The event at a place; NOT_FOUND when there is none.
absl::StatusOr<EventKey> KeyAt(db::Database& database, int shard, int64_t pos);

// Aggregates with their versions, by id.
struct AggregateVersion {
  base::Uuid id;
  int64_t version = 0;
};
absl::Status EachAggregate(db::Database& database,
                           absl::FunctionRef<void(const AggregateVersion&)> each);

// What the counters say and what is there.
struct ShardCount {
  int64_t last_pos = 0;  // of the counter
  int64_t events = 0;
  int64_t max_pos = 0;
};
absl::StatusOr<std::array<ShardCount, base::Uuid::kShards>> CountShards(db::Database& database);

// Ids of published events that a restore took away, as an operator declared it.
absl::Status EachVanished(db::Database& database, absl::FunctionRef<void(const base::Uuid&)> each);

struct LedgerState {
  int64_t epoch = 0;
  Positions last{};
};
absl::StatusOr<LedgerState> ReadLedgerState(db::Database& database);

// Whole events of one shard. Asked for places that mostly go up by one.
class ShardReader {
 public:
  ShardReader(db::Database& database, int shard) : database_(database), shard_(shard) {}
  // Null when the ledger has no such position. Lives until the next call.
  absl::StatusOr<const platform::v1::LedgerEvent*> At(int64_t pos);

 private:
  db::Database& database_;
  const int shard_;
  std::vector<platform::v1::LedgerEvent> chunk_;   // a run that is being read
  std::vector<platform::v1::LedgerEvent> single_;  // one behind it
};

}  // namespace ieum::audit
