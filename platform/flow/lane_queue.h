// Events that wait for their transactions, and which of them go into one. Pure.
//
// Within a shard order is kept; between shards none is promised. A transaction takes what is there,
// of whatever effect, placed so that the events of one sink, and reactions, stand behind each other
// in runs as long as the order of their shards allows. A shard is in the hands of one transaction
// at a time. What failed for the moment comes again by itself: a run of one sink, or one reaction,
// of one shard, so that it holds up nobody else. Positions that nobody listens to ride along, and
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

// One transaction. The first events.size() steps belong to the events; the rest only move. An event
// that cannot be applied (Task::Kind::kPark) is the only one.
struct LaneBatch {
  std::vector<ReceivedEvent> events;
  std::vector<Task> tasks;  // one an event
  std::vector<CursorStep> steps;
  int reactions = 0;  // events that go to reactions
};

// Where the run ends that begins at `from`: what stands behind each other and is made together.
size_t RunEnd(absl::Span<const Task> tasks, size_t from);

class LaneQueue {
 public:
  LaneQueue(const ConsumerLimits& limits, uint64_t seed);

  // Behind everything of its shard.
  void Push(ReceivedEvent event, Task task, Instant now);
  // The next transaction; nullopt when there is none yet (see NextDeadline). Its shards are in its
  // hands until Settle.
  std::optional<LaneBatch> Next(Instant now);
  // The transaction's first `applied` steps are done. The others come again, in front, their shards
  // after a back-off.
  void Settle(LaneBatch batch, size_t applied, Instant now);
  // When Next may have something without a Push or a Settle.
  Instant NextDeadline() const;

  // Of what Next could take: how much there is, and since when the oldest has been waiting.
  struct Waiting {
    size_t events = 0;
    Instant since = absl::InfiniteDuration();
  };
  Waiting LookAt(Instant now) const;

 private:
  struct Item {
    Task task;
    ReceivedEvent event;
    CursorStep step;
    Instant since;  // when it was pushed
  };
  struct Shard {
    std::deque<Item> items;
    bool in_hand = false;
    bool alone = false;  // something of it failed for the moment
    Instant standing_until;
    std::optional<Backoff> backoff;
  };

  static bool Ready(const Shard& shard, Instant now);
  bool Fits(const LaneBatch& batch, size_t run, const Task& task) const;
  static void TakeFront(Shard& shard, LaneBatch& batch);
  void TakeRun(Shard& shard, size_t run, LaneBatch& batch);
  void TakeCompany(int first, Instant now, LaneBatch& batch);
  void TakeEffects(int number, Instant now, LaneBatch& batch);
  void TakeRiders(Instant now, LaneBatch& batch);
  bool RidersAreDue(Instant now) const;
  void PutBack(LaneBatch& batch, size_t at, Instant now);

  const ConsumerLimits limits_;
  std::array<Shard, kShards> shards_;
  int next_shard_ = 0;
  Instant looked_at_;
};

}  // namespace ieum::flow
