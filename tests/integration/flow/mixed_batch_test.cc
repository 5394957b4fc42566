// Goal: a transaction that mixes sinks, reactions and riders of many shards keeps every promise
// that one event by itself had: order, once, nothing of a neighbour's poison, gapless own events.
#include <gmock/gmock.h>

#include "tests/integration/flow/mixed_batch_fixture.h"

namespace ieum::flow::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(MixedBatchTest, KeepsTheOrderOfEveryAggregateInOneTransaction) {
  for (int round = 0; round < 4; ++round) {
    for (const int counter : {3, 19, 5}) {
      Counted(counter);
      Renamed(counter);
    }
  }
  ASSERT_EQ(Apply(Batch()), OutcomeKind::kDone);
  EXPECT_EQ(tally_.Rows(), 12);
  EXPECT_EQ(tally_.Answers(), 12);
  EXPECT_EQ(tally_.Fault(), "");
  EXPECT_EQ(Transactions("tally"), 1);
  EXPECT_EQ(Transactions("event_log"), 1);
  for (const int counter : {3, 19, 5}) {
    std::vector<std::string> renamed;
    for (size_t i = 1; i < ids_[counter].size(); i += 2) renamed.push_back(ids_[counter][i]);
    EXPECT_EQ(Causes(counter), absl::StrJoin(renamed, ","));
  }
}

TEST_F(MixedBatchTest, EventsOfSeveralReactionsStandWithoutAGap) {
  for (int i = 0; i < 64; ++i) Renamed(i % 20);
  ASSERT_EQ(Apply(Batch()), OutcomeKind::kDone);
  EXPECT_EQ(tally_.Answers(), 64);
  EXPECT_EQ(Transactions("event_log"), 1);
  ExpectGapless();
}

TEST_F(MixedBatchTest, TheSameEventCausesTheSameIdsInWhateverCompany) {
  Renamed(7);
  const LaneBatch alone = Batch();
  ASSERT_EQ(Apply(alone), OutcomeKind::kDone);
  const std::string id = tally_.Ask("SELECT event_id FROM event_log");
  TallyDatabase other;
  ledger::Ledger ledger(other.database(), clock_, "tally");
  ASSERT_TRUE(LoadInbox(other.database(), "sample").ok());
  LaneQueue queue{ConsumerLimits(), 7};
  queue.Push(alone.events[0], alone.tasks[0], MonotonicNow());
  Renamed(8);
  const LaneBatch neighbour = Batch();
  queue.Push(neighbour.events[0], neighbour.tasks[0], MonotonicNow());
  const LaneBatch both = *queue.Next(MonotonicNow());
  ASSERT_EQ(both.events.size(), 2u);
  ASSERT_TRUE(other.database()
                  .Write("together",
                         [&](db::Tx& tx) {
                           bool appended = false;
                           return ApplyAll(both.tasks, both.events, ledger, tx, &appended);
                         })
                  .ok());
  EXPECT_EQ(
      other.Number(absl::StrCat("SELECT count(*) FROM event_log WHERE event_id = '", id, "'")), 1);
}

TEST_F(MixedBatchTest, PoisonAmongReactionsIsParkedAloneAndItsNeighboursGoThrough) {
  for (int counter = 0; counter < 40; ++counter) {
    Renamed(counter, counter == 23 ? "forbidden" : "fine");
    Counted(counter);
  }
  ASSERT_EQ(Apply(Batch()), OutcomeKind::kDone);
  EXPECT_EQ(tally_.Ask("SELECT string_agg(error, ',' ORDER BY pos) FROM dead_letter"),
            "FORBIDDEN_NAME,BEHIND_A_PARKED_EVENT");
  EXPECT_EQ(tally_.Ask("SELECT string_agg(attempts::text, ',' ORDER BY pos) FROM dead_letter"),
            "3,0");
  EXPECT_EQ(tally_.Answers(), 39);
  EXPECT_EQ(tally_.Rows(), 39);
  EXPECT_EQ(tally_.Applied(), 80);
  EXPECT_EQ(tally_.Fault(), "");
  ExpectGapless();
}

TEST_F(MixedBatchTest, PoisonOfASinkDoesNotSpoilReactionsAroundIt) {
  for (int counter = 0; counter < 20; ++counter) {
    Renamed(counter);
    Counted(counter, counter == 4 ? TallyDatabase::kPoison : 1);
  }
  ASSERT_EQ(Apply(Batch()), OutcomeKind::kDone);
  EXPECT_EQ(tally_.Answers(), 20);
  EXPECT_EQ(tally_.Rows(), 19);
  EXPECT_EQ(tally_.DeadLetters(), 1);
  ExpectGapless();
}

TEST_F(MixedBatchTest, AParkedAggregateFollowsItsPoisonAndOthersGoOn) {
  Renamed(7, "forbidden");
  ASSERT_EQ(Apply(Batch()), OutcomeKind::kDone);
  Renamed(6);
  Renamed(7);
  Counted(7);
  Renamed(23);  // the same shard, another aggregate
  Renamed(7);
  ASSERT_EQ(Apply(Batch()), OutcomeKind::kDone);
  EXPECT_EQ(tally_.Ask("SELECT string_agg(pos::text || error, ',' ORDER BY pos) FROM dead_letter "
                       "WHERE attempts = 0"),
            "2BEHIND_A_PARKED_EVENT,3BEHIND_A_PARKED_EVENT,5BEHIND_A_PARKED_EVENT");
  EXPECT_EQ(tally_.Answers(), 2);
  EXPECT_THAT(Causes(7), IsEmpty());
}

TEST_F(MixedBatchTest, AZombieFindsOutBeforeItsEffects) {
  int called = 0;
  on_closed_ = [&](ledger::UnitOfWork&, const sample::v1::Closed&) {
    ++called;
    return absl::OkStatus();
  };
  for (int counter = 0; counter < 5; ++counter) {
    Closed(counter);
    Counted(counter);
  }
  const LaneBatch batch = Batch();
  ASSERT_EQ(Apply(batch), OutcomeKind::kDone);
  const int once = called;
  ConsumerMemory believes;
  EXPECT_EQ(Lane(&believes)->Apply(batch).kind, OutcomeKind::kLost);
  EXPECT_EQ(called, once) << "not even begun";
  EXPECT_EQ(tally_.Rows(), 5);
}

TEST_F(MixedBatchTest, AFailureThatPassesLeavesNothingOfTheBatch) {
  Renamed(3);
  Counted(4);
  tally_.FailWith(absl::UnavailableError("busy"));
  const LaneBatch batch = Batch();
  EXPECT_EQ(Apply(batch), OutcomeKind::kLater);
  EXPECT_EQ(tally_.Answers(), 0);
  EXPECT_EQ(tally_.Applied(), 0);
  tally_.FailWith(absl::OkStatus());
  EXPECT_EQ(Apply(batch), OutcomeKind::kDone);
  EXPECT_EQ(tally_.Answers(), 1);
}

TEST_F(MixedBatchTest, WhatLeavesAReactionColdNeedsNoCompany) {
  ReceivedEvent cold;
  cold.envelope.set_type("ieum.sample.v1.Closed");
  EXPECT_EQ(TaskFor(subscriptions_, &cold).kind, Task::Kind::kSkip);
}

TEST_F(MixedBatchTest, AGlanceIsTakenOnceARunAndSaysWhoIsConcerned) {
  std::vector<size_t> glances;
  Subscriptions subscriptions;
  subscriptions.ReactAll(
      sample::v1::Renamed::descriptor()->file(),
      [](ledger::UnitOfWork& work, const ReceivedEvent& event) {
        work.Lock({event.aggregate_id()});
        sample::v1::Glanced glanced;
        work.Append(event.aggregate_id(), "counter", "counters/x", glanced);
        return absl::OkStatus();
      },
      [&](db::Tx&, absl::Span<const ReceivedEvent> run) {
        glances.push_back(run.size());
        std::vector<bool> concerned;
        for (const auto& event : run) concerned.push_back(event.Is<sample::v1::Renamed>());
        return concerned;
      });
  for (int i = 0; i < 10; ++i) {
    Counted(i);
    Renamed(i);
  }
  LaneBatch batch = Batch();
  for (size_t i = 0; i < batch.events.size(); ++i) {
    batch.tasks[i] = TaskFor(subscriptions, &batch.events[i]);
  }
  ASSERT_EQ(Apply(batch), OutcomeKind::kDone);
  EXPECT_THAT(glances, ElementsAre(20));
  EXPECT_EQ(tally_.Answers(), 10);
}

}  // namespace
}  // namespace ieum::flow::testing
