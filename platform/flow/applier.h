// Effects and cursors in one transaction: how a lane's batch becomes true exactly once, and what
// happens when it cannot.
#pragma once

#include <array>
#include <functional>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "platform/flow/flow_limits.h"
#include "platform/flow/inbox_store.h"
#include "platform/flow/lane_queue.h"
#include "platform/ledger/ledger.h"
#include "platform/telemetry/metrics.h"

namespace ieum::flow {

// What a consumer knows of a shard without asking the database.
struct ShardMemory {
  uint64_t check_hash = 0;                 // at the cursor
  RowPlace place;                          // of the cursor
  absl::flat_hash_set<base::Uuid> parked;  // at least all that are parked
};
using ConsumerMemory = std::array<ShardMemory, kShards>;

// Used by one thread. Others may apply other shards' events at the same time.
class Applier {
 public:
  struct Options {
    std::string producer;
    ledger::Ledger* ledger = nullptr;
    ConsumerLimits limits;
    ConsumerMemory* memory = nullptr;           // used for the shards of the batch at hand only
    std::function<bool(absl::Duration)> pause;  // waits; false = stop now
    std::function<void(absl::Span<const CursorStep>)> on_applied;  // after each commit
    std::function<void()> on_dead_letter;
    prometheus::Histogram* seconds = nullptr;  // of transactions that committed; may be null
  };
  explicit Applier(Options options);

  // How an Apply ended. All steps before `applied` are true in the database, none behind it.
  struct Outcome {
    enum class Kind {
      kDone,   // all of it; dead letters included
      kLater,  // a transient failure
      kLost,  // a cursor stood elsewhere: somebody else moved it, or a commit in doubt had happened
    };
    Kind kind = Kind::kDone;
    size_t applied = 0;
    absl::Status status;  // of kLater
  };
  Outcome Apply(const LaneBatch& batch);

 private:
  // What one transaction did besides; void unless it committed.
  struct Seen {
    bool appended = false;
    std::vector<const ReceivedEvent*> unparked;
    std::vector<CursorMove> moves;
  };
  absl::Status ApplyRange(const LaneBatch& batch, size_t from, size_t to);
  absl::Status Commit(const LaneBatch& batch, size_t from, size_t to);
  absl::Status CommitWithin(db::Tx& tx, const LaneBatch& batch, size_t from, size_t to, Seen* seen);
  std::vector<base::Uuid> Suspects(absl::Span<const ReceivedEvent> events) const;
  absl::Status ParkOne(const LaneBatch& batch, size_t at, int attempts, std::string_view error);
  absl::Status RetryOrPark(const LaneBatch& batch, size_t at, absl::Status first);
  absl::Status Move(db::Tx& tx, const LaneBatch& batch, size_t from, size_t to, Seen* seen);
  void Applied(const LaneBatch& batch, size_t from, size_t to, const Seen& seen);
  absl::flat_hash_set<base::Uuid>& ParkedNear(const ReceivedEvent& event) const {
    return (*options_.memory)[event.envelope.shard()].parked;
  }

  const Options options_;
  size_t applied_ = 0;
  bool lost_ = false;
};

// The stable word under which a refusal is kept with a dead letter: its reason, or its code.
std::string ErrorWord(const absl::Status& status);

}  // namespace ieum::flow
