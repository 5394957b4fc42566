// The workers of a consumer: apply its events, one batch after the other. One does the work; the
// others help when half a transaction's worth waits, or when what waits has waited long.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "platform/flow/applier.h"
#include "platform/flow/lane_queue.h"

namespace ieum::flow {

// Thread-safe.
class Lanes {
 public:
  struct Options {
    Applier::Options applier;  // `pause` and `memory` are filled in by the lanes
    const Subscriptions* subscriptions = nullptr;
    std::function<void()> on_lost;  // the lanes do nothing afterwards; may come twice
  };
  Lanes(Options options, ConsumerMemory memory);
  // Finishes the transactions that run, and leaves the rest.
  ~Lanes();

  // Each behind everything of its shard. Called from time to time, with nothing, too: it wakes who
  // has to help.
  void Push(std::vector<ReceivedEvent> events);

 private:
  void Run(bool first);
  bool Takes(bool first, Instant now) const;
  void Settle(LaneBatch batch, const Applier::Outcome& outcome);
  void Wait(std::unique_lock<std::mutex>& lock, bool first);
  void Rest(std::unique_lock<std::mutex>& lock);
  bool Pause(absl::Duration duration);

  Options options_;
  const ConsumerLimits limits_;
  ConsumerMemory memory_;  // a shard's part belongs to the lane that has the shard in hand
  std::mutex mutex_;
  std::condition_variable first_, helpers_, stop_;
  LaneQueue queue_;
  bool first_waits_ = false;  // for an event
  bool stopping_ = false;
  std::vector<std::thread> threads_;  // last: they use the rest
};

}  // namespace ieum::flow
