// Goal: order within a shard whatever is batched, put back or skipped. Method: tables, and a
// property over random pushes and failures.
#include "platform/flow/lane_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <random>

#include "platform/flow/check_hash.h"

namespace ieum::flow {
namespace {

using ::testing::ElementsAre;
using Kind = Task::Kind;

constexpr Instant kStart = absl::Seconds(1000);

ReceivedEvent EventAt(int shard, int64_t pos) {
  ReceivedEvent event;
  event.epoch = 1;
  event.envelope.set_shard(shard);
  event.envelope.set_position(pos);
  event.envelope.set_event_id(std::to_string(shard) + "/" + std::to_string(pos));
  return event;
}

struct Effects {
  Effects() {
    sink.sink = std::make_shared<BatchSink>();
    other_sink.sink = std::make_shared<BatchSink>();
  }
  Subscriptions::Effect sink, other_sink, reaction;
  Task Sink() const { return {Kind::kSink, &sink, ""}; }
  Task OtherSink() const { return {Kind::kSink, &other_sink, ""}; }
  Task React() const { return {Kind::kReact, &reaction, ""}; }
};

std::vector<std::string> Names(const LaneBatch& batch) {
  std::vector<std::string> names;
  for (const auto& event : batch.events) names.push_back(event.envelope.event_id());
  return names;
}

class LaneQueueTest : public ::testing::Test {
 protected:
  LaneBatch Next(Instant now = kStart) {
    auto batch = queue_.Next(now);
    EXPECT_TRUE(batch.has_value());
    return batch ? *std::move(batch) : LaneBatch{};
  }
  const Effects effects_;
  LaneQueue queue_{ConsumerLimits(), 7};
};

TEST_F(LaneQueueTest, GathersARunOfOneSinkOverItsShards) {
  queue_.Push(EventAt(0, 1), effects_.Sink(), kStart);
  queue_.Push(EventAt(0, 2), effects_.Sink(), kStart);
  queue_.Push(EventAt(2, 1), effects_.Sink(), kStart);
  EXPECT_THAT(Names(Next()), ElementsAre("0/1", "0/2", "2/1"));
  EXPECT_FALSE(queue_.Next(kStart).has_value());
}

TEST_F(LaneQueueTest, DoesNotMixEffects) {
  queue_.Push(EventAt(0, 1), effects_.Sink(), kStart);
  queue_.Push(EventAt(0, 2), effects_.OtherSink(), kStart);
  queue_.Push(EventAt(0, 3), effects_.React(), kStart);
  queue_.Push(EventAt(0, 4), effects_.React(), kStart);
  EXPECT_THAT(Names(Next()), ElementsAre("0/1"));
  EXPECT_THAT(Names(Next()), ElementsAre("0/2"));
  EXPECT_THAT(Names(Next()), ElementsAre("0/3")) << "a reaction stands alone";
  EXPECT_THAT(Names(Next()), ElementsAre("0/4"));
}

TEST_F(LaneQueueTest, LimitsABatch) {
  for (int pos = 1; pos <= 300; ++pos) queue_.Push(EventAt(0, pos), effects_.Sink(), kStart);
  EXPECT_EQ(Next().events.size(), 256u);
  EXPECT_EQ(Next().events.size(), 44u);
}

TEST_F(LaneQueueTest, LetsSkippedPositionsRideAlong) {
  queue_.Push(EventAt(0, 1), {}, kStart);
  queue_.Push(EventAt(0, 2), {}, kStart);
  queue_.Push(EventAt(0, 3), effects_.Sink(), kStart);
  queue_.Push(EventAt(0, 4), {}, kStart);
  const LaneBatch batch = Next();
  EXPECT_THAT(Names(batch), ElementsAre("0/3"));
  ASSERT_EQ(batch.steps.size(), 2u);
  EXPECT_EQ(batch.steps[0].first, 1);
  EXPECT_EQ(batch.steps[0].last, 3);
  EXPECT_EQ(batch.steps[1].first, 4);
  EXPECT_EQ(batch.steps[0].hash, EventHash(EventAt(0, 1).envelope) ^
                                     EventHash(EventAt(0, 2).envelope) ^
                                     EventHash(EventAt(0, 3).envelope));
}

TEST_F(LaneQueueTest, MovesOverSkippedPositionsAfterAWhile) {
  queue_.Push(EventAt(0, 1), {}, kStart);
  EXPECT_FALSE(queue_.Next(kStart).has_value());
  const Instant later = kStart + ConsumerLimits().skip_linger;
  EXPECT_EQ(queue_.NextDeadline(), later);
  queue_.Push(EventAt(0, 2), {}, kStart + absl::Milliseconds(50));
  const LaneBatch batch = Next(later);
  EXPECT_TRUE(batch.events.empty());
  ASSERT_EQ(batch.steps.size(), 1u);
  EXPECT_EQ(batch.steps[0].last, 2);
}

TEST_F(LaneQueueTest, KeepsCheckPointsAtTheEndOfAStep) {
  for (int pos = 998; pos <= 1002; ++pos) queue_.Push(EventAt(0, pos), {}, kStart);
  std::vector<int64_t> ends;
  while (auto batch = queue_.Next(kStart + absl::Seconds(1))) {
    for (const CursorStep& step : batch->steps) ends.push_back(step.last);
  }
  EXPECT_THAT(ends, ElementsAre(1000, 1002));
}

TEST_F(LaneQueueTest, BringsBackWhatWasNotAppliedInOrderAndLater) {
  for (int pos = 1; pos <= 4; ++pos) queue_.Push(EventAt(0, pos), effects_.Sink(), kStart);
  queue_.Push(EventAt(2, 1), effects_.OtherSink(), kStart);
  queue_.PutBack(Next(), 1, kStart);
  queue_.Push(EventAt(0, 5), effects_.Sink(), kStart);
  EXPECT_THAT(Names(Next()), ElementsAre("2/1")) << "other shards go on";
  EXPECT_FALSE(queue_.Next(kStart).has_value());
  const Instant again = queue_.NextDeadline();
  EXPECT_LE(again, kStart + ConsumerLimits().retry_min);
  EXPECT_THAT(Names(Next(again)), ElementsAre("0/2", "0/3", "0/4", "0/5"));
}

// Applies batches with random failures; every shard's positions must come in order, once each.
class RandomPlay {
 public:
  RandomPlay(const Effects& effects, uint64_t seed) : effects_(effects), random_(seed) {}

  void Run() {
    for (int i = 0; i < 100; ++i) {
      PushOne();
      now_ += absl::Milliseconds(Pick(30));
      if (auto batch = queue_.Next(now_)) Apply(*std::move(batch));
    }
    while (applied_ != pushed_) {
      now_ += absl::Seconds(10);
      auto batch = queue_.Next(now_);
      RC_ASSERT(batch.has_value());
      Apply(*std::move(batch));
    }
  }

 private:
  int Pick(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }
  void PushOne() {
    const int shard = Pick(4);
    const Task tasks[] = {{}, effects_.Sink(), effects_.OtherSink(), effects_.React()};
    queue_.Push(EventAt(shard, ++pushed_[shard]), tasks[Pick(4)], now_);
  }
  void Apply(LaneBatch batch) {
    const size_t done = static_cast<size_t>(Pick(static_cast<int>(batch.steps.size()) + 1));
    for (size_t i = 0; i < done; ++i) {
      const CursorStep& step = batch.steps[i];
      RC_ASSERT(step.first == applied_[step.shard] + 1);
      applied_[step.shard] = step.last;
      queue_.OnApplied(step.shard);
    }
    queue_.PutBack(std::move(batch), done, now_);
  }

  const Effects& effects_;
  std::mt19937_64 random_;
  LaneQueue queue_{ConsumerLimits(), 7};
  std::array<int64_t, kShards> pushed_{}, applied_{};
  Instant now_ = kStart;
};

TEST(LaneQueue, KeepsTheOrderOfEveryShardWhateverFails) {
  const Effects effects;
  rc::check([&effects](uint64_t seed) { RandomPlay(effects, seed).Run(); });
}

}  // namespace
}  // namespace ieum::flow
