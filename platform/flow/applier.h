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

namespace ieum::flow {

// Used by one thread.
class Applier {
 public:
  struct Options {
    std::string producer;
    ledger::Ledger* ledger = nullptr;
    ConsumerLimits limits;
    std::array<uint64_t, kShards> check_hashes{};       // at the cursors
    absl::flat_hash_set<base::Uuid> parked;             // at least all that are parked
    std::function<bool(absl::Duration)> pause;          // waits; false = stop now
    std::function<void(const CursorStep&)> on_applied;  // after each commit, for each step
    std::function<void()> on_dead_letter;
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
  absl::Status ApplyRange(const LaneBatch& batch, size_t from, size_t to);
  absl::Status Commit(const LaneBatch& batch, size_t from, size_t to);
  absl::Status CommitWithin(db::Tx& tx, const LaneBatch& batch, size_t from, size_t to,
                            bool* appended, absl::flat_hash_set<base::Uuid>* unparked);
  absl::Status ParkLast(const LaneBatch& batch, size_t at, int attempts, std::string_view error);
  absl::Status RetryOrPark(const LaneBatch& batch, size_t at, absl::Status first);
  absl::Status Move(db::Tx& tx, const LaneBatch& batch, size_t from, size_t to);
  void Applied(const LaneBatch& batch, size_t from, size_t to);

  Options options_;
  size_t applied_ = 0;
  bool lost_ = false;
};

// The stable word under which a refusal is kept with a dead letter: its reason, or its code.
std::string ErrorWord(const absl::Status& status);

}  // namespace ieum::flow
