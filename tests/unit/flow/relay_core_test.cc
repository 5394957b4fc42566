// Goal: the relay's decisions one by one: where it goes on after a take-over, how it chains, what
// makes it stop. Method: the test plays the driver.
#include "platform/flow/relay_core.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ieum::flow {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr Instant kStart = absl::Seconds(1000);

RelayLimits SmallLimits() {
  RelayLimits limits;
  limits.max_in_flight = 3;
  return limits;
}

class RelayCoreTest : public ::testing::Test {
 protected:
  RelayCoreTest() : core_("sample", SmallLimits(), 7) {
    read_.ledger.epoch = 1;
    read_.refill_from.fill(1);
  }

  // Leads, is connected, and has read the stream.
  RelayActions TakeOverNow() {
    core_.OnLease(true, 5);
    core_.OnConnected(true);
    EXPECT_TRUE(core_.Step(now_).read_stream);
    core_.OnTakeOver(read_);
    return core_.Step(now_);
  }
  // Gives what the ledger holds of the shard from `from` on.
  void AnswerLedger(int shard, int64_t from, int64_t last) {
    LedgerHead head = read_.ledger;
    head.last[shard] = last;
    std::vector<Spot> rows;
    for (int64_t pos = from; pos <= last; ++pos) rows.push_back({shard, pos});
    core_.OnLedger(head, rows);
  }
  void InStream(int shard, int64_t pos, uint64_t seq, int64_t epoch = 1) {
    read_.stream.last[shard] = {true, epoch, pos, 0, seq};
    read_.stream.first_seq = 1;
    read_.stream.last_seq = std::max(read_.stream.last_seq, seq);
    read_.ledger.last[shard] = std::max(read_.ledger.last[shard], pos);
  }

  RelayCore core_;
  TakeOver read_;
  Instant now_ = kStart;
};

TEST_F(RelayCoreTest, DoesNothingWithoutLeaseOrConnection) {
  EXPECT_TRUE(core_.Step(now_).empty());
  core_.OnLease(true, 1);
  EXPECT_TRUE(core_.Step(now_).empty());
  core_.OnLease(false, 1);
  core_.OnConnected(true);
  EXPECT_TRUE(core_.Step(now_).empty());
}

TEST_F(RelayCoreTest, GoesOnBehindTheLastMessageOfEachShard) {
  InStream(3, 40, 90);
  read_.ledger.last[3] = 41;
  const RelayActions actions = TakeOverNow();
  ASSERT_TRUE(actions.read_ledger.has_value());
  EXPECT_EQ((*actions.read_ledger)[3], 41);
  EXPECT_EQ((*actions.read_ledger)[4], 1);
  EXPECT_EQ(core_.incarnation(), 0);
}

TEST_F(RelayCoreTest, ChainsTheFirstBySequenceAndTheOthersById) {
  InStream(3, 40, 90);
  TakeOverNow();
  AnswerLedger(3, 41, 46);
  const RelayActions actions = core_.Step(now_);
  ASSERT_THAT(actions.publish, SizeIs(3)) << "at most so many in flight";
  EXPECT_EQ(actions.publish[0].chain.last_seq, 90u);
  EXPECT_EQ(actions.publish[0].chain.last_message_id, "");
  EXPECT_THAT(actions.publish[0].chain.message_id, StartsWith("sample.1.3.41.5-"));
  EXPECT_EQ(actions.publish[1].chain.last_seq, std::nullopt);
  EXPECT_EQ(actions.publish[1].chain.last_message_id, actions.publish[0].chain.message_id);
  EXPECT_EQ(actions.publish[2].chain.last_message_id, actions.publish[1].chain.message_id);
}

TEST_F(RelayCoreTest, NamesTheSequenceAgainWhenNothingIsInFlight) {
  TakeOverNow();
  AnswerLedger(0, 1, 1);
  const auto first = core_.Step(now_).publish;
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].chain.last_seq, 0u) << "an empty stream";
  core_.OnStored(first[0].token, 1);
  core_.Wake();
  now_ += SmallLimits().rest;
  ASSERT_TRUE(core_.Step(now_).read_ledger.has_value());
  AnswerLedger(0, 2, 2);
  const auto second = core_.Step(now_).publish;
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].chain.last_seq, 1u);
  EXPECT_EQ(core_.beliefs()[0].pos, 1);
}

TEST_F(RelayCoreTest, UsesAnotherRunNameAfterEachTakeOver) {
  TakeOverNow();
  AnswerLedger(0, 1, 1);
  const std::string first = core_.Step(now_).publish.at(0).chain.message_id;
  core_.OnTrouble();
  EXPECT_TRUE(core_.Step(now_).forget);
  now_ += absl::Minutes(1);
  EXPECT_TRUE(core_.Step(now_).read_stream);
  core_.OnTakeOver(read_);
  EXPECT_TRUE(core_.Step(now_).read_ledger.has_value());
  AnswerLedger(0, 1, 1);
  EXPECT_NE(core_.Step(now_).publish.at(0).chain.message_id, first);
}

TEST_F(RelayCoreTest, ReadsTheStreamAgainWhenAnAnswerIsMissing) {
  TakeOverNow();
  AnswerLedger(0, 1, 2);
  const auto sent = core_.Step(now_).publish;
  core_.OnStored(sent[1].token, 2);  // the first one's answer got lost
  now_ += SmallLimits().ack_timeout - absl::Milliseconds(1);
  EXPECT_FALSE(core_.Step(now_).forget);
  now_ += absl::Milliseconds(1);
  EXPECT_TRUE(core_.Step(now_).forget);
  now_ += SmallLimits().retry_max;
  EXPECT_TRUE(core_.Step(now_).read_stream);
}

TEST_F(RelayCoreTest, GivesUpWhatIsInFlightWhenTheConnectionWasLost) {
  TakeOverNow();
  AnswerLedger(0, 1, 2);
  const auto sent = core_.Step(now_).publish;
  core_.OnConnected(false);
  core_.OnConnected(true);
  EXPECT_TRUE(core_.Step(now_).forget);
  core_.OnStored(sent[0].token, 1);
  EXPECT_EQ(core_.beliefs()[0].pos, 0) << "an answer that came too late says nothing";
}

TEST_F(RelayCoreTest, CountsALossAndKeepsItBeforeItPublishesAgain) {
  InStream(2, 7, 30);
  read_.beliefs[2] = {.pos = 9, .seq = 32, .incarnation = 4, .epoch = 1};
  read_.ledger.last[2] = 9;
  const RelayActions actions = TakeOverNow();
  EXPECT_TRUE(actions.save_beliefs);
  EXPECT_FALSE(actions.read_ledger.has_value());
  EXPECT_EQ(core_.incarnation(), 5);
  EXPECT_EQ(core_.losses(), 1);
  core_.OnBeliefsSaved();
  const RelayActions next = core_.Step(now_);
  ASSERT_TRUE(next.read_ledger.has_value());
  EXPECT_EQ((*next.read_ledger)[2], 8);
}

TEST_F(RelayCoreTest, CountsALossOnceWhenItsTakeOverIsBrokenOff) {
  InStream(2, 7, 30);
  read_.beliefs[2] = {.pos = 9, .seq = 32, .incarnation = 4, .epoch = 1};
  read_.ledger.last[2] = 9;
  EXPECT_TRUE(TakeOverNow().save_beliefs);
  core_.OnTrouble();  // before the loss is durable: the next take-over finds it again
  core_.Step(now_);
  now_ += absl::Minutes(1);
  ASSERT_TRUE(core_.Step(now_).read_stream);
  core_.OnTakeOver(read_);
  EXPECT_TRUE(core_.Step(now_).save_beliefs);
  EXPECT_EQ(core_.losses(), 1);
  EXPECT_EQ(core_.incarnation(), 5);
  core_.OnBeliefsSaved();
  core_.OnTrouble();
  core_.Step(now_);
  now_ += absl::Minutes(1);
  core_.Step(now_);
  read_.beliefs[2].incarnation = 5;
  core_.OnTakeOver(read_);
  EXPECT_EQ(core_.losses(), 2) << "what is lost after that is another loss";
}

TEST_F(RelayCoreTest, FillsAStreamThatIsGoneFromWhereItIsTold) {
  read_.beliefs[2] = {.pos = 900, .seq = 32, .epoch = 1};
  read_.ledger.last[2] = 900;
  read_.refill_from[2] = 700;
  TakeOverNow();
  core_.OnBeliefsSaved();
  EXPECT_EQ((*core_.Step(now_).read_ledger)[2], 700);
  EXPECT_EQ(core_.losses(), 1);
}

TEST_F(RelayCoreTest, DoesNotTakeAgeForLoss) {
  read_.beliefs[2] = {.pos = 900, .seq = 32, .epoch = 1};
  read_.ledger.last[2] = 900;
  read_.stream.first_seq = 33;  // the stream has forgotten sequence 32 long ago
  read_.stream.last_seq = 50;
  EXPECT_EQ((*TakeOverNow().read_ledger)[2], 901);
  EXPECT_EQ(core_.losses(), 0);
}

TEST_F(RelayCoreTest, DoesNotTakeAnOldEventStoredOnceMoreForLoss) {
  InStream(2, 3, 40);  // stored again, behind position 9
  read_.beliefs[2] = {.pos = 9, .seq = 32, .epoch = 1};
  read_.beliefs[4] = {.pos = 5, .seq = 33, .epoch = 1};
  InStream(4, 5, 33);
  read_.ledger.last[2] = 11;
  EXPECT_EQ(core_.Doubts(read_)[2], 32u);
  EXPECT_EQ(core_.Doubts(read_)[4], 0u) << "its last message says all";
  read_.stream.believed[2] = {true, 1, 9, 0, 32};
  EXPECT_EQ((*TakeOverNow().read_ledger)[2], 10);
  EXPECT_EQ(core_.losses(), 0);
}

TEST_F(RelayCoreTest, NoticesALossWhereSomethingElseStandsNow) {
  InStream(2, 3, 40);
  read_.beliefs[2] = {.pos = 9, .seq = 32, .epoch = 1};
  read_.ledger.last[2] = 11;
  read_.stream.believed[2] = {true, 1, 2, 0, 32};  // the stream was filled anew
  TakeOverNow();
  EXPECT_EQ(core_.losses(), 1);
}

TEST_F(RelayCoreTest, AsksNothingWhereTheStreamEndsEarlierOrHasForgotten) {
  InStream(2, 7, 30);
  read_.beliefs[2] = {.pos = 9, .seq = 32, .epoch = 1};
  EXPECT_EQ(core_.Doubts(read_)[2], 0u) << "cut off";
  read_.stream.first_seq = 33;
  read_.stream.last_seq = 50;
  EXPECT_EQ(core_.Doubts(read_)[2], 0u) << "too old";
}

TEST_F(RelayCoreTest, StopsWhenTheLedgerIsBehindTheStream) {
  InStream(2, 7, 30);
  read_.ledger.last[2] = 6;
  EXPECT_TRUE(TakeOverNow().forget);
  EXPECT_TRUE(core_.stopped());
  EXPECT_FALSE(core_.leading());
  // An operator raises the epoch: the whole window is published again under it.
  read_.ledger.epoch = 2;
  now_ += SmallLimits().stopped_retry;
  ASSERT_TRUE(core_.Step(now_).read_stream);
  core_.OnTakeOver(read_);
  EXPECT_FALSE(core_.stopped());
  EXPECT_EQ((*core_.Step(now_).read_ledger)[2], 1);
}

TEST_F(RelayCoreTest, StopsWhenTheLedgerGoesBackWhileItLeads) {
  InStream(2, 7, 30);
  read_.ledger.last[2] = 7;
  TakeOverNow();
  LedgerHead restored = read_.ledger;
  restored.last[2] = 5;
  core_.OnLedger(restored, {});
  EXPECT_TRUE(core_.stopped());
}

TEST_F(RelayCoreTest, IsNotStoppedByBeliefsOfAnotherEpoch) {
  read_.beliefs[2] = {.pos = 50, .seq = 90, .incarnation = 3, .epoch = 1};
  read_.ledger.epoch = 2;
  read_.ledger.last[2] = 40;
  EXPECT_TRUE(TakeOverNow().read_ledger.has_value());
  EXPECT_EQ(core_.incarnation(), 3);
}

TEST_F(RelayCoreTest, LooksLessOftenWhenNothingHappens) {
  TakeOverNow();
  core_.OnLedger(read_.ledger, {});
  const RelayLimits limits = SmallLimits();
  EXPECT_LE(core_.NextDeadline(), now_ + limits.poll_idle);
  now_ += absl::Minutes(1);
  EXPECT_TRUE(core_.Step(now_).read_ledger.has_value());
  core_.OnLedger(read_.ledger, {});
  EXPECT_EQ(core_.NextDeadline(), now_ + limits.poll_idle);
  now_ += absl::Milliseconds(50);
  core_.Wake();
  EXPECT_TRUE(core_.Step(now_).read_ledger.has_value()) << "news are looked at at once";
}

TEST_F(RelayCoreTest, ReadsNewsTogetherThatComeTogether) {
  TakeOverNow();
  core_.OnLedger(read_.ledger, {});
  const RelayLimits limits = SmallLimits();
  core_.Wake();
  EXPECT_FALSE(core_.Step(now_).read_ledger.has_value()) << "it has just looked";
  EXPECT_EQ(core_.NextDeadline(), now_ + limits.rest);
  now_ += limits.rest;
  EXPECT_TRUE(core_.Step(now_).read_ledger.has_value());
  AnswerLedger(0, 1, 1);
  core_.Wake();
  EXPECT_FALSE(core_.Flushed()) << "what came meanwhile is not forgotten";
}

TEST_F(RelayCoreTest, IsFlushedWhenTheStreamHoldsAll) {
  TakeOverNow();
  EXPECT_FALSE(core_.Flushed());
  AnswerLedger(0, 1, 1);
  const auto sent = core_.Step(now_).publish;
  EXPECT_FALSE(core_.Flushed());
  core_.OnStored(sent.at(0).token, 1);
  EXPECT_TRUE(core_.Flushed());
}

TEST_F(RelayCoreTest, LeavesEverythingWhenTheLeaseIsLost) {
  TakeOverNow();
  AnswerLedger(0, 1, 2);
  core_.Step(now_);
  core_.OnLease(false, 5);
  const RelayActions actions = core_.Step(now_);
  EXPECT_TRUE(actions.forget);
  EXPECT_THAT(actions.publish, IsEmpty());
  EXPECT_FALSE(core_.leading());
}

}  // namespace
}  // namespace ieum::flow
