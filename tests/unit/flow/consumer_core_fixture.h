// The test plays the driver of one consumer core: opens its pull, gives it messages, watermarks and
// time, and sees what it delivers and asks.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/flow/consumer_core.h"

namespace ieum::flow {

inline constexpr Instant kStart = absl::Seconds(1000);
inline const absl::Time kMade = absl::FromUnixSeconds(3600);

inline ReceivedEvent EventAt(int shard, int64_t pos, int64_t epoch = 1) {
  ReceivedEvent event;
  event.producer = "sample";
  event.epoch = epoch;
  event.envelope.set_shard(shard);
  event.envelope.set_position(pos);
  return event;
}

inline std::vector<ReceivedEvent> Events(int shard, int64_t from, int64_t to) {
  std::vector<ReceivedEvent> events;
  for (int64_t pos = from; pos <= to; ++pos) events.push_back(EventAt(shard, pos));
  return events;
}

class ConsumerCoreTest : public ::testing::Test {
 protected:
  void Begin(const InboxState& state = {}) {
    core_.emplace(state, ConsumerLimits(), now_, 7);
    core_->OnConnected(true);
  }
  // Opens the pull on a stream that ends at `last_seq`.
  PullPlan Open(uint64_t last_seq = 0, absl::Time created = kMade) {
    EXPECT_TRUE(core_->Step(now_).open_pull);
    const StreamFacts facts{created, 1, last_seq};
    const PullPlan plan = core_->PlanPull(facts);
    core_->OnPullOpened(facts, plan, 0);
    return plan;
  }
  void Message(uint64_t seq, int shard, int64_t pos, int64_t incarnation = 0, uint64_t pending = 0,
               int64_t epoch = 1) {
    core_->OnMessage(seq, pending, incarnation, EventAt(shard, pos, epoch));
  }
  // Positions delivered by this step, of whatever shard.
  std::vector<int64_t> Delivered() {
    std::vector<int64_t> positions;
    actions_ = core_->Step(now_);
    for (const auto& event : actions_.deliver) positions.push_back(event.envelope.position());
    return positions;
  }
  void Mark(int shard, int64_t pos, int64_t epoch = 1, int64_t incarnation = 0) {
    Watermark mark{epoch, incarnation, {}, 0};
    mark.pos[shard] = pos;
    core_->OnWatermark(mark, now_);
  }
  // Watermarks keep coming while time passes.
  void Pass(absl::Duration time, int shard, int64_t pos) {
    for (absl::Duration passed; passed < time; passed += absl::Milliseconds(500)) {
      Mark(shard, pos);
      core_->Step(now_);
      now_ += absl::Milliseconds(500);
    }
    Mark(shard, pos);
  }
  // The same; true when a step asked the ledger.
  bool AsksWithin(absl::Duration time, int shard, int64_t pos) {
    bool asked = false;
    for (absl::Duration passed; passed < time; passed += absl::Milliseconds(500)) {
      Mark(shard, pos);
      asked |= core_->Step(now_).read_ledger.has_value();
      now_ += absl::Milliseconds(500);
    }
    return asked;
  }

  InboxState Known(int64_t pos, uint64_t resume) {
    InboxState state;
    state.cursors[3] = {1, pos, 0};
    state.stream_created = kMade;
    state.resume_seq = resume;
    return state;
  }

  std::optional<ConsumerCore> core_;
  ConsumerActions actions_;
  Instant now_ = kStart;
};

}  // namespace ieum::flow
