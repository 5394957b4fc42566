// A broker's stream that behaves like the real one where it matters to the relay and the consumers:
// message ids within a window, expected sequence and expected message id, and it may lose its tail
// or everything.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "platform/flow/consumer_core.h"
#include "platform/flow/relay_core.h"

namespace ieum::flow::simulation {

struct SimMessage {
  uint64_t seq = 0;
  std::string id;
  Spot spot;
  int64_t epoch = 1;
  int64_t incarnation = 0;
};

struct SimAnswer {
  bool stored = false;  // false: refused
  uint64_t seq = 0;
  bool duplicate = false;
};

class SimStream {
 public:
  SimAnswer Publish(SimMessage message, const broker::Chain& chain);
  // A crash that loses the last `count` messages; what is remembered of ids follows what is left.
  // `forgets_last_id`: the last message is older than the window.
  void LoseTail(size_t count, bool forgets_last_id);
  // The whole stream goes; somebody will make a new one under the same name.
  void Wipe();
  // The oldest messages grow too old.
  void DropOldest(size_t count);

  StreamView View() const;
  StreamFacts Facts() const;
  // Messages with a sequence of at least `from`, at most `count`.
  std::vector<SimMessage> Read(uint64_t from, size_t count) const;
  const std::vector<SimMessage>& messages() const { return messages_; }
  uint64_t last_seq() const { return last_seq_; }

 private:
  int64_t created_ = 1;
  uint64_t last_seq_ = 0;
  std::vector<SimMessage> messages_;
  std::map<std::string, uint64_t> known_ids_;
  std::string last_id_;
};

}  // namespace ieum::flow::simulation
