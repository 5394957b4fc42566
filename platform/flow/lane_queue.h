// Events that wait for one lane, and which of them go into one transaction. Pure.
//
// A lane owns some shards. Within a shard order is kept; between shards a batch takes what fits
// together: one run of a sink, or one reaction. Positions that nobody listens to ride along, and
// make a transaction of their own only when they have waited a while.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "platform/flow/backoff.h"
#include "platform/flow/flow_limits.h"
#include "platform/flow/instant.h"
#include "platform/flow/relay_core.h"
#include "platform/flow/task.h"

namespace ieum::flow {

// A move of one shard's cursor: over `first`…`last`, which holds at most one event to apply, the
// last. A multiple of kCheckEvery can only stand at the end.
struct CursorStep {
  int shard = 0;
  int64_t epoch = 0;
  int64_t first = 0;
  int64_t last = 0;
  uint64_t hash = 0;  // XOR of the events' hashes
};

// One transaction. The first events.size() steps belong to the events; the rest only move.
struct LaneBatch {
  Task task;
  std::vector<ReceivedEvent> events;
  std::vector<CursorStep> steps;
};

class LaneQueue {
 public:
  LaneQueue(const ConsumerLimits& limits, uint64_t seed);

  // Behind everything of its shard.
  void Push(ReceivedEvent event, Task task, Instant now);
  // The next transaction; nullopt when there is none yet (see NextDeadline).
  std::optional<LaneBatch> Next(Instant now);
  // The steps from `from` on were not applied: they come again, in front, their shards after a
  // back-off.
  void PutBack(LaneBatch batch, size_t from, Instant now);
  // The shard's cursor moved: its back-off begins anew.
  void OnApplied(int shard) { shards_[shard].backoff->Reset(); }
  // When Next may have something without a Push.
  Instant NextDeadline() const;

 private:
  struct Item {
    Task task;
    ReceivedEvent event;
    CursorStep step;
    Instant since;  // when it was pushed
  };
  struct Shard {
    std::deque<Item> items;
    Instant standing_until;
    std::optional<Backoff> backoff;
  };

  bool Ready(const Shard& shard, Instant now) const {
    return !shard.items.empty() && shard.standing_until <= now;
  }
  static bool FitsWith(const Task& task, const Task& other);
  void TakeRun(Shard& shard, LaneBatch& batch);
  void TakeRiders(Instant now, LaneBatch& batch);
  bool RidersAreDue(Instant now) const;

  const ConsumerLimits limits_;
  std::array<Shard, kShards> shards_;
  int next_shard_ = 0;
  Instant looked_at_;
};

}  // namespace ieum::flow
