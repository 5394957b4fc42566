// Goal: a transaction that mixes sinks, reactions and riders of many shards keeps every promise
// that one event by itself had: order, once, nothing of a neighbour's poison, gapless own events.
// Method: batches as the lane queue makes them, applied by a lane of the test's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <future>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ieum/sample/v1/events.pb.h"
#include "platform/base/status.h"
#include "platform/flow/applier.h"
#include "tests/integration/flow/flow_fixture.h"

namespace ieum::flow::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using OutcomeKind = Applier::Outcome::Kind;

const db::Statement kLockRow("mixed_lock_row",
                             "SELECT 1 FROM inbox_stream WHERE producer = $1 FOR UPDATE");

// One consumer's events and its lane.
class MixedBatchTest : public ::testing::Test {
 protected:
  MixedBatchTest() {
    tally_.Effects()(subscriptions_);
    subscriptions_.ReactIf<sample::v1::Closed>(
        [](const sample::v1::Closed& event) { return !event.counter_id().empty(); },
        [this](ledger::UnitOfWork& work, const sample::v1::Closed& event, const ReceivedEvent&) {
          return on_closed_(work, event);
        });
    EXPECT_TRUE(LoadInbox(tally_.database(), "sample").ok());
  }

  std::unique_ptr<Applier> Lane(ConsumerMemory* memory) {
    Applier::Options options;
    options.producer = "sample";
    options.ledger = &ledger_;
    options.memory = memory;
    options.pause = [](absl::Duration) { return true; };
    options.on_applied = [](absl::Span<const CursorStep>) {};
    options.on_dead_letter = [] {};
    return std::make_unique<Applier>(std::move(options));
  }

  // The next event of the counter's shard; its id tells counter and version.
  template <class Event>
  void Arrives(int counter, Event message) {
    message.set_counter_id(Counter(counter).ToString());
    ReceivedEvent event;
    event.producer = "sample";
    event.epoch = 1;
    const int shard = Counter(counter).shard();
    event.envelope.set_shard(shard);
    event.envelope.set_position(++last_[shard]);
    event.envelope.set_event_id(base::Uuid::NewV7().ToString());
    event.envelope.set_aggregate_id(message.counter_id());
    event.envelope.set_aggregate_version(++versions_[counter]);
    event.envelope.set_type(Event::descriptor()->full_name());
    event.envelope.set_payload(message.SerializeAsString());
    ids_[counter].push_back(event.envelope.event_id());
    const Task task = TaskFor(subscriptions_, &event);
    queue_.Push(std::move(event), task, MonotonicNow());
  }
  void Counted(int counter, int64_t amount = 1) {
    sample::v1::Counted event;
    event.set_amount(amount);
    Arrives(counter, event);
  }
  void Renamed(int counter, const std::string& name = "fine") {
    sample::v1::Renamed event;
    event.set_name(name);
    Arrives(counter, event);
  }
  void Closed(int counter) { Arrives(counter, sample::v1::Closed()); }

  LaneBatch Batch() {
    auto batch = queue_.Next(MonotonicNow());
    EXPECT_TRUE(batch.has_value());
    return batch ? *std::move(batch) : LaneBatch{};
  }
  OutcomeKind Apply(const LaneBatch& batch) {
    const Applier::Outcome outcome = Lane(&memory_)->Apply(batch);
    if (outcome.kind == OutcomeKind::kDone) {
      queue_.Settle(batch, batch.steps.size(), MonotonicNow());
    }
    return outcome.kind;
  }

  // Own events: per shard as many as the counter says and as the last position is.
  void ExpectGapless() {
    EXPECT_EQ(tally_.Number("SELECT count(*) FROM (SELECT shard, count(*) AS n, max(pos) AS last "
                            "FROM event_log GROUP BY shard) e JOIN outbox_shard o USING (shard) "
                            "WHERE n <> last OR last <> last_pos"),
              0);
    EXPECT_EQ(tally_.Number("SELECT count(*) FROM (SELECT aggregate_id, count(*) AS n, "
                            "max(version) AS last FROM event_log GROUP BY aggregate_id) e "
                            "JOIN aggregate a ON a.id = aggregate_id WHERE n <> last OR "
                            "last <> a.version"),
              0);
  }
  // What caused the events of a counter, in the order of their positions.
  std::string Causes(int counter) {
    return tally_.Ask(absl::StrCat(
        "SELECT coalesce(string_agg(causation_id::text, ',' ORDER BY pos), '') FROM event_log "
        "WHERE aggregate_id = '",
        Counter(counter).ToString(), "'"));
  }
  int64_t Transactions(const char* table) {
    return tally_.Number(absl::StrCat("SELECT count(DISTINCT xmin::text) FROM ", table));
  }

  std::function<absl::Status(ledger::UnitOfWork&, const sample::v1::Closed&)> on_closed_;
  TallyDatabase tally_;
  base::SystemClock clock_;
  ledger::Ledger ledger_{tally_.database(), clock_, "tally"};
  Subscriptions subscriptions_;
  ConsumerMemory memory_;
  LaneQueue queue_{ConsumerLimits(), 7};
  std::array<int64_t, kShards> last_{};
  std::map<int, int64_t> versions_;
  std::map<int, std::vector<std::string>> ids_;
};

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

// Two batches at the same time, of two shards each, whose reactions lock in opposite order.
class OppositeLocks : public MixedBatchTest {
 protected:
  int64_t Deadlocks() {
    return tally_.Number(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = "
        "current_database()");
  }
  void ApplyBoth(int rounds) {
    ConsumerMemory memories[2];
    for (int round = 1; round <= rounds; ++round) {
      Closed(0);
      Closed(2);
      const LaneBatch first = Batch();
      Closed(1);
      Closed(3);
      const LaneBatch second = Batch();
      auto one = std::async(std::launch::async, [&] { return Lane(&memories[0])->Apply(first); });
      auto two = std::async(std::launch::async, [&] { return Lane(&memories[1])->Apply(second); });
      ASSERT_EQ(one.get().kind, OutcomeKind::kDone);
      ASSERT_EQ(two.get().kind, OutcomeKind::kDone);
      for (const LaneBatch* each : {&first, &second}) {
        queue_.Settle(*each, each->steps.size(), MonotonicNow());
      }
      EXPECT_EQ(tally_.Applied(), 4 * round);
      EXPECT_EQ(tally_.Answers(), 4 * round);
    }
    ExpectGapless();
  }
  static absl::Status Answer(ledger::UnitOfWork& work, const base::Uuid& aggregate) {
    sample::v1::Glanced glanced;
    work.Append(aggregate, "counter", "counters/x", glanced);
    return absl::OkStatus();
  }
  // The counters that both batches write: 0 and 3 the first of them, 1 and 2 the second, so that
  // one batch wants them in one order and the other in the other.
  static base::Uuid Shared(const sample::v1::Closed& event) {
    const base::Uuid id = *base::Uuid::Parse(event.counter_id());
    return id.shard() == 0 || id.shard() == 3 ? Counter(100) : Counter(101);
  }
};

TEST_F(OppositeLocks, NeverWaitInACircleWhereLocksAreTheFirstWord) {
  on_closed_ = [&](ledger::UnitOfWork& work, const sample::v1::Closed& event) {
    work.Lock({Shared(event)});
    return Answer(work, Shared(event));
  };
  ApplyBoth(/*rounds=*/20);
  EXPECT_EQ(Deadlocks(), 0);
}

TEST_F(OppositeLocks, ThatCannotBeKnownBeforehandFallApartAndGoThrough) {
  std::barrier<> both(2);
  std::atomic<int> asked{0};
  on_closed_ = [&](ledger::UnitOfWork& work, const sample::v1::Closed& event) {
    work.tx().Exec(kLockRow, Shared(event) == Counter(100) ? "one" : "other");
    if (asked.fetch_add(1) < 2) both.arrive_and_wait();
    work.Lock({*base::Uuid::Parse(event.counter_id())});
    return Answer(work, *base::Uuid::Parse(event.counter_id()));
  };
  tally_.Ask("INSERT INTO inbox_stream (producer) VALUES ('one'), ('other')");
  ApplyBoth(/*rounds=*/1);
}

}  // namespace
}  // namespace ieum::flow::testing
