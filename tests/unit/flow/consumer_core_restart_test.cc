// Goal: where a consumer goes on: after a restart, a lost link, another stream, a loss of the
// broker, a new epoch. Method: the test plays the driver.
#include "tests/unit/flow/consumer_core_fixture.h"

namespace ieum::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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
