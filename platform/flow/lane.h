// One worker of a consumer: applies the events of its shards, one batch after the other.
#pragma once

#include <array>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "platform/flow/applier.h"
#include "platform/flow/lane_queue.h"

namespace ieum::flow {

// Thread-safe.
class Lane {
 public:
  struct Options {
    Applier::Options applier;  // `pause` is filled in by the lane
    const Subscriptions* subscriptions = nullptr;
    std::function<void()> on_lost;  // once; the lane does nothing afterwards
  };
  explicit Lane(Options options);
  // Finishes the transaction that runs, and leaves the rest.
  ~Lane();

  void Push(ReceivedEvent event);

 private:
  void Run();
  void Settle(LaneBatch batch, const Applier::Outcome& outcome);
  bool Pause(absl::Duration duration);

  Options options_;
  Applier applier_;
  std::mutex mutex_;
  std::condition_variable changed_;
  LaneQueue queue_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace ieum::flow
