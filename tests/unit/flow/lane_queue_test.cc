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
    glancing.glance = std::make_shared<Glance>();
  }
  Subscriptions::Effect sink, other_sink, reaction, glancing;
  Task Sink() const { return {Kind::kSink, &sink, ""}; }
  Task OtherSink() const { return {Kind::kSink, &other_sink, ""}; }
  Task React() const { return {Kind::kReact, &reaction, ""}; }
  Task Glancing() const { return {Kind::kReact, &glancing, ""}; }
  Task Park() const { return {Kind::kPark, nullptr, "WORD"}; }
};

std::vector<std::string> Names(const LaneBatch& batch) {
  std::vector<std::string> names;
  for (const auto& event : batch.events) names.push_back(event.envelope.event_id());
  return names;
}

std::vector<size_t> RunsOf(const LaneBatch& batch) {
  std::vector<size_t> sizes;
  for (size_t from = 0, end = 0; from < batch.tasks.size(); from = end) {
    end = RunEnd(batch.tasks, from);
    sizes.push_back(end - from);
  }
  return sizes;
}

class LaneQueueTest : public ::testing::Test {
 protected:
  LaneBatch Next(Instant now = kStart) {
    auto batch = queue_.Next(now);
    EXPECT_TRUE(batch.has_value());
    return batch ? *std::move(batch) : LaneBatch{};
  }
  void Done(LaneBatch batch) {
    const size_t steps = batch.steps.size();
    queue_.Settle(std::move(batch), steps, kStart);
  }
  LaneBatch NextDone(Instant now = kStart) {
    LaneBatch batch = Next(now);
    Done(batch);
    return batch;
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

TEST_F(LaneQueueTest, TakesWhateverIsThereInRunsAsLongAsTheOrderAllows) {
  for (const int shard : {0, 2}) {
    queue_.Push(EventAt(shard, 1), effects_.Sink(), kStart);
    queue_.Push(EventAt(shard, 2), effects_.React(), kStart);
    queue_.Push(EventAt(shard, 3), effects_.OtherSink(), kStart);
    queue_.Push(EventAt(shard, 4), effects_.Sink(), kStart);
  }
  const LaneBatch batch = Next();
  EXPECT_THAT(Names(batch), ElementsAre("0/1", "2/1", "0/2", "2/2", "0/3", "2/3", "0/4", "2/4"));
  EXPECT_THAT(RunsOf(batch), ElementsAre(2, 2, 2, 2));
}

TEST_F(LaneQueueTest, PartsReactionsWhoseGlancesDiffer) {
  queue_.Push(EventAt(0, 1), effects_.React(), kStart);
  queue_.Push(EventAt(0, 2), effects_.Glancing(), kStart);
  EXPECT_THAT(RunsOf(Next()), ElementsAre(1, 1));
}

TEST_F(LaneQueueTest, LimitsABatch) {
  for (int pos = 1; pos <= 300; ++pos) queue_.Push(EventAt(0, pos), effects_.Sink(), kStart);
  EXPECT_EQ(NextDone().events.size(), 256u);
  EXPECT_EQ(NextDone().events.size(), 44u);
}

TEST_F(LaneQueueTest, LimitsTheReactionsThatHoldLocksTogether) {
  for (int pos = 1; pos <= 100; ++pos) queue_.Push(EventAt(0, pos), effects_.React(), kStart);
  for (int pos = 1; pos <= 100; ++pos) queue_.Push(EventAt(2, pos), effects_.Sink(), kStart);
  const LaneBatch batch = NextDone();
  EXPECT_EQ(batch.reactions, ConsumerLimits().reactions_max);
  EXPECT_EQ(batch.events.size(), 100u + ConsumerLimits().reactions_max) << "sinks go on";
  EXPECT_EQ(NextDone().events.size(), 100u - ConsumerLimits().reactions_max);
}

TEST_F(LaneQueueTest, LeavesWhatCannotBeAppliedAlone) {
  queue_.Push(EventAt(0, 1), effects_.Sink(), kStart);
  queue_.Push(EventAt(0, 2), effects_.Park(), kStart);
  queue_.Push(EventAt(0, 3), effects_.Sink(), kStart);
  EXPECT_THAT(Names(NextDone()), ElementsAre("0/1"));
  EXPECT_THAT(Names(NextDone()), ElementsAre("0/2"));
  EXPECT_THAT(Names(NextDone()), ElementsAre("0/3"));
}

TEST_F(LaneQueueTest, GivesAShardIntoOneHandAtATime) {
  queue_.Push(EventAt(0, 1), effects_.Sink(), kStart);
  LaneBatch first = Next();
  queue_.Push(EventAt(0, 2), effects_.Sink(), kStart);
  queue_.Push(EventAt(2, 1), effects_.Sink(), kStart);
  EXPECT_EQ(queue_.LookAt(kStart).events, 1u);
  LaneBatch second = Next();
  EXPECT_THAT(Names(second), ElementsAre("2/1"));
  EXPECT_FALSE(queue_.Next(kStart).has_value());
  queue_.Settle(std::move(first), 1, kStart);
  EXPECT_THAT(Names(Next()), ElementsAre("0/2"));
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
    Done(*std::move(batch));
  }
  EXPECT_THAT(ends, ElementsAre(1000, 1002));
}

TEST_F(LaneQueueTest, BringsBackWhatWasNotAppliedInOrderAndLater) {
  for (int pos = 1; pos <= 4; ++pos) queue_.Push(EventAt(0, pos), effects_.Sink(), kStart);
  queue_.Settle(Next(), 1, kStart);
  queue_.Push(EventAt(2, 1), effects_.OtherSink(), kStart);
  queue_.Push(EventAt(0, 5), effects_.Sink(), kStart);
  EXPECT_THAT(Names(Next()), ElementsAre("2/1")) << "other shards go on";
  EXPECT_FALSE(queue_.Next(kStart).has_value());
  const Instant again = queue_.NextDeadline();
  EXPECT_LE(again, kStart + ConsumerLimits().retry_min);
  EXPECT_THAT(Names(Next(again)), ElementsAre("0/2", "0/3", "0/4", "0/5"));
}

TEST_F(LaneQueueTest, TriesWhatFailedForTheMomentByItself) {
  for (const int shard : {0, 2}) {
    queue_.Push(EventAt(shard, 1), effects_.Sink(), kStart);
    queue_.Push(EventAt(shard, 2), effects_.React(), kStart);
    queue_.Push(EventAt(shard, 3), effects_.React(), kStart);
  }
  queue_.Settle(Next(), 0, kStart);
  const Instant again = kStart + absl::Seconds(1);
  EXPECT_THAT(Names(NextDone(again)), ElementsAre("2/1")) << "one shard's run";
  EXPECT_THAT(Names(NextDone(again)), ElementsAre("2/2", "2/3")) << "what goes has company again";
  EXPECT_THAT(Names(NextDone(again)), ElementsAre("0/1"));
  EXPECT_THAT(Names(NextDone(again)), ElementsAre("0/2", "0/3"));
}

TEST_F(LaneQueueTest, TriesAReactionThatFailedForTheMomentWithoutThoseBehindIt) {
  for (int pos = 1; pos <= 3; ++pos) queue_.Push(EventAt(0, pos), effects_.React(), kStart);
  queue_.Settle(Next(), 0, kStart);
  const Instant again = kStart + absl::Seconds(1);
  EXPECT_THAT(Names(NextDone(again)), ElementsAre("0/1"));
  EXPECT_THAT(Names(NextDone(again)), ElementsAre("0/2", "0/3"));
}

// Two lanes take batches and end them with random failures, in any order; every shard's positions
// must come in order, once each.
class RandomPlay {
 public:
  RandomPlay(const Effects& effects, uint64_t seed) : effects_(effects), random_(seed) {}

  void Run() {
    for (int i = 0; i < 100; ++i) {
      PushOne();
      now_ += absl::Milliseconds(Pick(30));
      Take();
      if (Pick(2) == 0) EndOne();
    }
    while (applied_ != pushed_) {
      now_ += absl::Seconds(10);
      Take();
      RC_ASSERT(!hands_.empty());
      EndOne();
    }
  }

 private:
  static constexpr size_t kLanes = 2;
  int Pick(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }
  void PushOne() {
    const int shard = Pick(4);
    const Task tasks[] = {
        {}, effects_.Sink(), effects_.OtherSink(), effects_.React(), effects_.Park()};
    queue_.Push(EventAt(shard, ++pushed_[shard]), tasks[Pick(5)], now_);
  }
  void Take() {
    if (hands_.size() == kLanes) return;
    auto batch = queue_.Next(now_);
    if (!batch) return;
    RC_ASSERT(batch->events.size() == batch->tasks.size());
    RC_ASSERT(batch->events.size() <= batch->steps.size());
    hands_.push_back(*std::move(batch));
  }
  void EndOne() {
    if (hands_.empty()) return;
    const auto hand = hands_.begin() + Pick(static_cast<int>(hands_.size()));
    LaneBatch batch = std::move(*hand);
    hands_.erase(hand);
    const auto done = static_cast<size_t>(Pick(static_cast<int>(batch.steps.size()) + 1));
    for (size_t i = 0; i < done; ++i) {
      const CursorStep& step = batch.steps[i];
      RC_ASSERT(step.first == applied_[step.shard] + 1);
      applied_[step.shard] = step.last;
    }
    queue_.Settle(std::move(batch), done, now_);
  }

  const Effects& effects_;
  std::mt19937_64 random_;
  LaneQueue queue_{ConsumerLimits(), 7};
  std::vector<LaneBatch> hands_;
  std::array<int64_t, kShards> pushed_{}, applied_{};
  Instant now_ = kStart;
};

TEST(LaneQueue, KeepsTheOrderOfEveryShardWhateverFails) {
  const Effects effects;
  rc::check([&effects](uint64_t seed) { RandomPlay(effects, seed).Run(); });
}

}  // namespace
}  // namespace ieum::flow
