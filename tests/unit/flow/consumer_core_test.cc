// Goal: the consumer's decisions one by one: next, repeat, hole, tail, forgery. Method: the test
// plays the driver.
#include "tests/unit/flow/consumer_core_fixture.h"

namespace ieum::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

}  // namespace
}  // namespace ieum::flow
