// The producer's ledger: rows that become visible when their transaction commits, a counter a shard
// that is locked until then, and a database that may go back in time.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "platform/flow/relay_core.h"
#include "tests/simulator/random.h"

namespace ieum::flow::simulation {

enum class RowKind : uint8_t { kSkipped, kFirstSink, kSecondSink, kReaction, kUndecodable };

inline constexpr int kAggregates = 3;  // of a shard

struct Row {
  uint64_t id = 0;  // 0 = nothing is visible here
  RowKind kind = RowKind::kSkipped;
  uint8_t aggregate = 0;
  bool poison = false;
  int64_t before = 0;  // position of the aggregate's event before this one that has an effect
};

class SimLedger {
 public:
  using Timeline = std::array<std::vector<Row>, kShards>;  // row of position p at p - 1

  // One transaction may begin, those that run may end.
  void Step(Random& random, int shards, int writes, int poison);
  // Writes and commits at once.
  void WriteNow(Random& random, int shard);
  // Open transactions end, one way or the other.
  void Crash(Random& random);
  // Some of the newest rows are gone. Nobody writes until the epoch is raised.
  void Restore(Random& random);
  void RaiseEpoch();
  // What could not be applied can be, from here on.
  void Mend();

  int64_t epoch() const { return epoch_; }
  bool restored() const { return restored_; }
  const ShardPositions& last() const { return last_; }
  LedgerHead Head() const;
  // nullptr when that epoch never had the position.
  const Row* At(int64_t epoch, int shard, int64_t pos) const;
  // Up to where the epoch before said the same as this one.
  int64_t CommonWith(int64_t epoch, int shard) const;
  bool quiet() const { return open_.empty(); }

 private:
  struct Transaction {
    int shard = 0;
    int64_t base = 0;
    int ticks = 0;
    std::vector<Row> rows;
  };
  void Begin(Random& random, int shard, int poison);
  void Commit(const Transaction& transaction);

  int64_t epoch_ = 1;
  bool restored_ = false;
  uint64_t next_id_ = 1;
  Timeline rows_;
  ShardPositions last_{}, numbered_{};
  std::array<std::array<int64_t, kAggregates>, kShards> newest_{};
  std::vector<Transaction> open_;
  std::map<int64_t, Timeline> past_;
};

}  // namespace ieum::flow::simulation
