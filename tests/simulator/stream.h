// A broker's stream that behaves like the real one where it matters to relays and consumers: ids of
// messages within a window, expected sequence and expected id, and a store that may lose its end or
// everything. It looks at the stream's laws with every message that it takes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "platform/flow/consumer_core.h"
#include "platform/flow/relay_core.h"

namespace ieum::flow::simulation {

struct SimMessage {
  uint64_t seq = 0;
  uint64_t id = 0;  // of the message: a hash of the text
  Spot spot;
  int64_t epoch = 1;
  int64_t incarnation = 0;
  uint64_t row = 0;    // id of the ledger's row that it carries
  bool again = false;  // what it says stood before it already
};

// What must stand before it, ids as hashes.
struct SimChain {
  bool by_seq = false, by_id = false;
  uint64_t seq = 0, id = 0;
};

struct SimAnswer {
  bool stored = false;  // false: refused
  uint64_t seq = 0;
};

class SimStream {
 public:
  // `fault`: the law that was broken, if one was.
  SimAnswer Publish(SimMessage message, const SimChain& chain, std::string_view* fault);
  // A crash that loses the last `count` messages; what is known of ids follows what is left.
  // `forgets_last_id`: the last message is older than the window.
  void LoseTail(size_t count, bool forgets_last_id);
  void ForgetIds() { known_ids_.clear(); }
  // Somebody stores one of the kept messages once more, behind all and without a chain.
  void StoreAgain(size_t which);
  // The whole stream goes; somebody will make a new one under the same name.
  void Wipe();
  // The oldest messages grow too old.
  void DropOldest(size_t count);

  StreamView::Last LastOf(int shard) const { return last_[shard]; }
  // What stands there, when it is of that shard.
  StreamView::Last At(uint64_t seq, int shard) const;
  // First position that is worth publishing again where nothing is left of a shard.
  ShardPositions RefillFrom(int64_t epoch) const;
  StreamFacts Facts() const;
  uint64_t created() const { return created_; }
  uint64_t first_seq() const { return messages_.empty() ? last_seq_ + 1 : messages_.front().seq; }
  uint64_t last_seq() const { return last_seq_; }
  // nullptr behind the end; the oldest that is kept when `seq` is older.
  const SimMessage* From(uint64_t seq) const;
  // Whether the end of each shard is that position of that epoch, where it keeps anything at all.
  bool Holds(int64_t epoch, const ShardPositions& ledger) const;
  // Whether something grew too old while a message was there that had been stored again.
  bool aged_beside_copies() const { return aged_beside_copies_; }
  // Messages that a crash took, and one more for each wipe.
  int64_t lost() const { return lost_; }

 private:
  struct Spoken {  // what the stream has ever said of a shard
    int64_t epoch = 0;
    int64_t greatest = 0;
    int64_t aged = 0;
  };
  std::string_view Fault(const SimMessage& message) const;
  void FindLast();

  uint64_t created_ = 1;
  uint64_t last_seq_ = 0;
  int64_t lost_ = 0;
  bool aged_beside_copies_ = false;
  std::vector<SimMessage> messages_;
  std::array<StreamView::Last, kShards> last_;
  std::array<StreamView::Last, kShards> in_order_;  // the same without what was stored again
  std::array<Spoken, kShards> spoken_;
  // Somebody stored an event of it again: a relay that takes over and knows less than that copy
  // tells may publish what stands before the copy once more, which consumers know.
  std::array<bool, kShards> copied_{};
  absl::flat_hash_map<uint64_t, uint64_t> known_ids_;
  uint64_t last_id_ = 0;
};

}  // namespace ieum::flow::simulation
