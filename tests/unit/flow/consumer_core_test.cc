// Goal: the consumer's decisions one by one: next, repeat, hole, tail, rewind, stop. Method: the
// test plays the driver.
#include "platform/flow/consumer_core.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ieum::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Instant kStart = absl::Seconds(1000);
const absl::Time kMade = absl::FromUnixSeconds(3600);

ReceivedEvent EventAt(int shard, int64_t pos, int64_t epoch = 1) {
  ReceivedEvent event;
  event.producer = "sample";
  event.epoch = epoch;
  event.envelope.set_shard(shard);
  event.envelope.set_position(pos);
  return event;
}

std::vector<ReceivedEvent> Events(int shard, int64_t from, int64_t to) {
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

TEST_F(ConsumerCoreTest, TakesWhatIsNextAndDropsWhatIsKnown) {
  Begin();
  Open();
  Message(1, 3, 1);
  Message(2, 3, 2);
  Message(3, 3, 1);
  Message(4, 3, 2);
  EXPECT_THAT(Delivered(), ElementsAre(1, 2));
  EXPECT_EQ(core_->repeats(), 2);
  EXPECT_EQ(core_->queued(), 2);
  core_->OnApplied(3, 2);
  EXPECT_EQ(core_->queued(), 0);
}

TEST_F(ConsumerCoreTest, ReadsAHoleFromTheLedgerAndGoesOnBehindIt) {
  Begin();
  Open();
  Message(1, 3, 1);
  Message(3, 3, 3);
  Message(4, 3, 4);
  Message(5, 4, 1);
  EXPECT_THAT(Delivered(), ElementsAre(1, 1)) << "only that shard stands";
  ASSERT_TRUE(actions_.read_ledger.has_value());
  EXPECT_EQ(actions_.read_ledger->shard, 3);
  EXPECT_EQ(actions_.read_ledger->from, 2);
  core_->OnLedger(3, 1, 4, Events(3, 2, 2));
  EXPECT_THAT(Delivered(), ElementsAre(2, 3, 4));
  EXPECT_FALSE(actions_.read_ledger.has_value());
  EXPECT_EQ(core_->repairs(), 1);
}

TEST_F(ConsumerCoreTest, PutsAHoleRightWhenTheMissingOneComesLate) {
  Begin();
  Open();
  Message(2, 3, 2);
  Message(1, 3, 1);
  EXPECT_THAT(Delivered(), ElementsAre(1, 2));
  EXPECT_FALSE(actions_.read_ledger.has_value());
}

TEST_F(ConsumerCoreTest, AsksTheLedgerAgainAfterAWhileWhenItDoesNotAnswer) {
  Begin();
  Open();
  Message(2, 3, 2);
  Delivered();
  ASSERT_TRUE(actions_.read_ledger.has_value());
  core_->OnLedgerFailed();
  Delivered();
  EXPECT_FALSE(actions_.read_ledger.has_value());
  EXPECT_LE(core_->NextDeadline(), now_ + ConsumerLimits().retry_min);
  now_ += ConsumerLimits().retry_min;
  Delivered();
  EXPECT_TRUE(actions_.read_ledger.has_value());
}

TEST_F(ConsumerCoreTest, DropsWhatTheLedgerDoesNotKnow) {
  Begin();
  Open();
  Message(1, 3, 1);
  Message(2, 3, 1'000'000);
  Delivered();
  core_->OnLedger(3, 1, 1, {});
  EXPECT_EQ(core_->forgeries(), 1);
  Message(3, 3, 2);
  EXPECT_THAT(Delivered(), ElementsAre(2));
  EXPECT_FALSE(actions_.read_ledger.has_value());
}

TEST_F(ConsumerCoreTest, ReadsALostTailAfterTheGrace) {
  Begin();
  Open();
  Message(1, 3, 1);
  Delivered();
  core_->OnApplied(3, 1);
  Pass(ConsumerLimits().behind_grace - absl::Seconds(1), 3, 2);
  Delivered();
  EXPECT_FALSE(actions_.read_ledger.has_value());
  Pass(absl::Seconds(1), 3, 2);
  Delivered();
  ASSERT_TRUE(actions_.read_ledger.has_value());
  EXPECT_EQ(actions_.read_ledger->from, 2);
}

TEST_F(ConsumerCoreTest, WaitsForTheStreamWhileItBringsMore) {
  Begin();
  Open();
  for (int64_t pos = 1; pos <= 4; ++pos) {
    Message(static_cast<uint64_t>(pos), 3, pos, 0, /*pending=*/10);
    EXPECT_FALSE(AsksWithin(ConsumerLimits().mark_stale - absl::Seconds(1), 3, 20));
  }
}

TEST_F(ConsumerCoreTest, DoesNotWaitForEverForWhatTheStreamSaidIsToCome) {
  Begin();
  Open();
  Message(1, 3, 1, 0, /*pending=*/1);
  const ConsumerLimits limits;
  EXPECT_TRUE(AsksWithin(limits.mark_stale + limits.behind_grace + absl::Seconds(1), 3, 2));
}

TEST_F(ConsumerCoreTest, KeepsWhatCameAfterTheQuestionWhateverTheAnswerKnows) {
  Begin();
  Open();
  Message(1, 3, 1'000'000);
  Delivered();
  ASSERT_TRUE(actions_.read_ledger.has_value());
  Message(2, 3, 3);
  core_->OnLedger(3, 1, 1, Events(3, 1, 1));
  EXPECT_EQ(core_->forgeries(), 0) << "the far one is judged with the next answer";
  EXPECT_THAT(Delivered(), ElementsAre(1));
  ASSERT_TRUE(actions_.read_ledger.has_value());
  core_->OnLedger(3, 1, 3, Events(3, 2, 2));
  EXPECT_EQ(core_->forgeries(), 1);
  EXPECT_THAT(Delivered(), ElementsAre(2, 3));
}

TEST_F(ConsumerCoreTest, DoesNotTakeANewEpochFromBehindAHoleOfTheOldOne) {
  Begin();
  Open();
  Message(5, 3, 2, 0, 0, /*epoch=*/2);
  EXPECT_THAT(Delivered(), IsEmpty());
  Message(1, 3, 1, 0, 0, /*epoch=*/1);
  EXPECT_THAT(Delivered(), ElementsAre(1));
  EXPECT_EQ(core_->stopped_epoch(), 2);
}

TEST_F(ConsumerCoreTest, AsksAllLedgersFromTimeToTimeWhenNobodyIsHeard) {
  Begin();
  core_->OnConnected(false);
  now_ += ConsumerLimits().mark_stale;
  std::vector<int> asked;
  for (int i = 0; i < 2 * kShards; ++i) {
    Delivered();
    if (!actions_.read_ledger) break;
    asked.push_back(actions_.read_ledger->shard);
    core_->OnLedger(asked.back(), 1, 0, {});
  }
  EXPECT_EQ(asked.size(), static_cast<size_t>(kShards));
  now_ += ConsumerLimits().probe_interval;
  Delivered();
  EXPECT_TRUE(actions_.read_ledger.has_value());
}

TEST_F(ConsumerCoreTest, ReadsOnWhileTheLedgerHasMoreAndTheBrokerIsAway) {
  Begin();
  core_->OnConnected(false);
  now_ += ConsumerLimits().mark_stale;
  Delivered();
  const int shard = actions_.read_ledger->shard;
  core_->OnLedger(shard, 1, 3, Events(shard, 1, 2));
  EXPECT_THAT(Delivered(), ElementsAre(1, 2));
  for (int i = 0; i < kShards && actions_.read_ledger->shard != shard; ++i) {
    core_->OnLedger(actions_.read_ledger->shard, 1, 0, {});
    Delivered();
  }
  ASSERT_TRUE(actions_.read_ledger.has_value());
  EXPECT_EQ(actions_.read_ledger->from, 3);
}

TEST_F(ConsumerCoreTest, BeginsWhereItWas) {
  Begin(Known(10, 55));
  const PullPlan plan = Open(80);
  EXPECT_EQ(plan.kind, PullPlan::Kind::kSequence);
  EXPECT_EQ(plan.seq, 55u);
  Message(55, 3, 10);
  Message(56, 3, 11);
  EXPECT_THAT(Delivered(), ElementsAre(11));
}

TEST_F(ConsumerCoreTest, BeginsAtTheBeginningOfAnotherStream) {
  Begin(Known(10, 55));
  EXPECT_EQ(Open(80, kMade + absl::Seconds(1)).kind, PullPlan::Kind::kAll);
}

TEST_F(ConsumerCoreTest, RewindsWhenTheStreamIsShorterThanItWas) {
  Begin(Known(10, 55));
  const PullPlan plan = Open(40);
  EXPECT_EQ(plan.kind, PullPlan::Kind::kRewind);
  EXPECT_EQ(plan.seq, 40u);
}

TEST_F(ConsumerCoreTest, RewindsWhenTheBrokerHadLostSomething) {
  Begin(Known(10, 55));
  Open(54);
  Message(55, 3, 11, /*incarnation=*/1);
  EXPECT_THAT(Delivered(), ElementsAre(11));
  EXPECT_TRUE(actions_.open_pull);
  EXPECT_EQ(core_->PlanPull({kMade, 1, 60}).kind, PullPlan::Kind::kRewind);
}

TEST_F(ConsumerCoreTest, OpensAgainAtTheFirstUnappliedWhenThePullIsLost) {
  Begin();
  Open();
  Message(1, 3, 1);
  Message(2, 4, 1);
  Delivered();
  core_->OnApplied(3, 1);
  core_->OnPullLost();
  now_ += ConsumerLimits().retry_max;
  core_->Step(now_);
  now_ += ConsumerLimits().retry_max;
  EXPECT_EQ(Open(2).seq, 2u);
}

TEST_F(ConsumerCoreTest, StopsAtAGreaterEpoch) {
  Begin(Known(10, 55));
  Open(54);
  Message(55, 3, 11, 0, 0, /*epoch=*/2);
  EXPECT_THAT(Delivered(), IsEmpty());
  EXPECT_TRUE(core_->stopped());
  EXPECT_EQ(core_->stopped_epoch(), 2);
  EXPECT_FALSE(core_->pulling());
  Message(56, 3, 11);
  EXPECT_THAT(Delivered(), IsEmpty());
}

TEST_F(ConsumerCoreTest, StopsAtTheWatermarkOrLedgerOfAGreaterEpochToo) {
  Begin(Known(10, 55));
  Mark(3, 10, /*epoch=*/2);
  EXPECT_TRUE(core_->stopped());
  Begin(Known(10, 55));
  Open(54);
  Message(56, 3, 12);
  Delivered();
  core_->OnLedger(3, 2, 12, {EventAt(3, 11, 2)});
  EXPECT_TRUE(core_->stopped());
  EXPECT_THAT(Delivered(), IsEmpty());
}

TEST_F(ConsumerCoreTest, DoesNotPassOverWhatItStoppedAt) {
  Begin(Known(10, 55));
  Open(54);
  Message(55, 3, 11, 0, 0, /*epoch=*/2);
  EXPECT_EQ(core_->resume_seq(), 55u);
}

TEST_F(ConsumerCoreTest, TakesNothingFromALedgerThatLacksWhatWasTaken) {
  Begin(Known(10, 55));
  Open(54);
  Message(56, 3, 12);
  Delivered();
  ASSERT_TRUE(actions_.read_ledger.has_value());
  core_->OnLedger(3, 1, 9, {});
  EXPECT_TRUE(core_->ledger_is_behind());
  EXPECT_FALSE(core_->pulling());
  core_->OnLedger(3, 1, 12, Events(3, 11, 12));  // it has grown again, with another history
  Message(57, 3, 11);
  EXPECT_THAT(Delivered(), IsEmpty());
  EXPECT_FALSE(core_->stopped());
  Mark(3, 12, /*epoch=*/2);
  EXPECT_TRUE(core_->stopped()) << "now somebody has declared it";
}

TEST_F(ConsumerCoreTest, AsksTheLedgerWhenTheWatermarkIsBehindWhatItTook) {
  Begin(Known(10, 55));
  Open(54);
  Mark(3, 10);
  core_->Step(now_);
  EXPECT_FALSE(core_->Step(now_).read_ledger.has_value());
  Mark(3, 7);
  const ConsumerActions actions = core_->Step(now_);
  ASSERT_TRUE(actions.read_ledger.has_value());
  EXPECT_EQ(actions.read_ledger->from, 11);
  core_->OnLedger(3, 1, 7, {});
  EXPECT_TRUE(core_->ledger_is_behind());
}

TEST_F(ConsumerCoreTest, DropsMessagesOfAnEarlierEpoch) {
  InboxState state = Known(10, 55);
  state.cursors[3].epoch = 2;
  Begin(state);
  Open(54);
  Message(55, 3, 11, 0, 0, /*epoch=*/1);
  EXPECT_THAT(Delivered(), IsEmpty());
  EXPECT_FALSE(core_->stopped());
}

TEST_F(ConsumerCoreTest, DoesNotReadTheLedgerIntoAFullQueue) {
  Begin();
  Open();
  const int room = ConsumerLimits().queue_max - ConsumerLimits().repair_events_max;
  for (int pos = 1; pos <= room + 1; ++pos) Message(static_cast<uint64_t>(pos), 3, pos);
  Message(5000, 4, 2);
  Delivered();
  EXPECT_FALSE(actions_.read_ledger.has_value());
  core_->OnApplied(3, 1);
  Delivered();
  EXPECT_TRUE(actions_.read_ledger.has_value());
}

TEST_F(ConsumerCoreTest, TellsItsLag) {
  Begin(Known(10, 55));
  EXPECT_EQ(core_->lag(), 0);
  Mark(3, 15);
  EXPECT_EQ(core_->lag(), 5);
}

}  // namespace
}  // namespace ieum::flow
