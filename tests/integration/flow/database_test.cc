// Goal: the database's side of the promise: a zombie changes nothing, a PostgreSQL that is killed
// loses and doubles nothing, check hashes are those of the ledger, leases and timers have one
// owner.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/flow/applier.h"
#include "platform/flow/check_hash.h"
#include "platform/flow/lease.h"
#include "tests/integration/flow/flow_fixture.h"
#include "tests/support/wait.h"

namespace ieum::flow::testing {
namespace {

using ieum::testing::PostgresCluster;
using ieum::testing::WaitFor;

// One Counted of shard 3 at `pos` as a batch.
LaneBatch BatchAt(const Subscriptions& subscriptions, int64_t pos) {
  ReceivedEvent event;
  event.producer = "sample";
  event.epoch = 1;
  event.envelope.set_shard(3);
  event.envelope.set_position(pos);
  event.envelope.set_event_id(base::Uuid::NewV7().ToString());
  event.envelope.set_aggregate_id(Counter(3).ToString());
  event.envelope.set_aggregate_version(pos);
  event.envelope.set_type("ieum.sample.v1.Counted");
  LaneBatch batch;
  batch.tasks.push_back(TaskFor(subscriptions, &event));
  batch.steps.push_back({3, 1, pos, pos, EventHash(event.envelope)});
  batch.events.push_back(std::move(event));
  return batch;
}

// Two who both believe to be the consumer of one database.
class Zombie : public ::testing::Test {
 protected:
  Zombie() {
    tally_.Effects()(subscriptions_);
    EXPECT_TRUE(LoadInbox(tally_.database(), "sample").ok());
  }

  Applier On(ConsumerMemory* memory) {
    Applier::Options options;
    options.producer = "sample";
    options.ledger = &ledger_;
    options.pause = [](absl::Duration) { return true; };
    options.on_applied = [](absl::Span<const CursorStep>) {};
    options.on_dead_letter = [] {};
    options.memory = memory;
    return Applier(std::move(options));
  }
  Applier::Outcome::Kind Apply(Applier& applier, int64_t pos) {
    return applier.Apply(BatchAt(subscriptions_, pos)).kind;
  }
  std::string Place() { return tally_.Ask("SELECT ctid FROM inbox_cursor WHERE shard = 3"); }

  TallyDatabase tally_;
  base::SystemClock clock_;
  ledger::Ledger ledger_{tally_.database(), clock_, "tally"};
  Subscriptions subscriptions_;
  ConsumerMemory knows_, believes_;
  Applier alive_ = On(&knows_), zombie_ = On(&believes_);
};

TEST_F(Zombie, FindsTheCursorMovedAndChangesNothing) {
  EXPECT_EQ(Apply(alive_, 1), Applier::Outcome::Kind::kDone);
  EXPECT_EQ(Apply(zombie_, 1), Applier::Outcome::Kind::kLost);
  EXPECT_EQ(Apply(alive_, 2), Applier::Outcome::Kind::kDone);
  EXPECT_EQ(tally_.Rows(), 2);
  EXPECT_EQ(tally_.Applied(), 2);
}

TEST_F(Zombie, ChangesNothingEitherWhereItKnewTheCursorsPlace) {
  ASSERT_EQ(Apply(alive_, 1), Applier::Outcome::Kind::kDone);
  ASSERT_EQ(knows_[3].place, Place());
  believes_ = knows_;
  ASSERT_EQ(Apply(alive_, 2), Applier::Outcome::Kind::kDone);
  EXPECT_EQ(Apply(zombie_, 2), Applier::Outcome::Kind::kLost);
  EXPECT_EQ(tally_.Rows(), 2);
  EXPECT_EQ(tally_.Applied(), 2);
}

TEST_F(Zombie, IsNoneWhoFindsTheCursorMovedToAnotherPlaceOnly) {
  ASSERT_EQ(Apply(alive_, 1), Applier::Outcome::Kind::kDone);
  tally_.Ask("UPDATE inbox_cursor SET check_hash = check_hash WHERE shard = 3 RETURNING 1");
  ASSERT_NE(knows_[3].place, Place());
  EXPECT_EQ(Apply(alive_, 2), Applier::Outcome::Kind::kDone);
  EXPECT_EQ(knows_[3].place, Place());
  EXPECT_EQ(tally_.Applied(), 2);
}

TEST(Consumer, ReadsItsCursorsAgainWhenSomebodyMovedThem) {
  NatsServer nats;
  TestDatabase sample_db;
  TallyDatabase tally_db;
  Node sample({.service = "sample", .database = &sample_db.database(), .nats_url = nats.url()});
  const std::atomic<bool> up{true};
  Node tally({.service = "tally",
              .database = &tally_db.database(),
              .nats_url = nats.url(),
              .log_reader = ReaderOf(sample.ledger(), up),
              .listen = tally_db.Effects()});
  Writer writer(sample.ledger());
  writer.Count(3, 1);
  ASSERT_TRUE(WaitFor([&] { return tally_db.Rows() == 1; }));
  tally_db.Ask("UPDATE inbox_cursor SET pos = 2 WHERE shard = 3");  // as if position 2 were applied
  writer.Count(3, 20);
  writer.Count(3, 300);
  ASSERT_TRUE(WaitFor([&] { return tally_db.Applied() == 3; }));
  EXPECT_EQ(tally_db.Sum(), 301);
}

TEST(Postgres, MayBeKilledUnderBothServices) {
  PostgresCluster cluster;
  NatsServer nats;
  TestDatabase sample_db(cluster.conninfo(), {});
  TallyDatabase tally_db(cluster.conninfo());
  Node sample({.service = "sample", .database = &sample_db.database(), .nats_url = nats.url()});
  const std::atomic<bool> up{true};
  Node tally({.service = "tally",
              .database = &tally_db.database(),
              .nats_url = nats.url(),
              .log_reader = ReaderOf(sample.ledger(), up),
              .listen = tally_db.Effects()});
  Writer writer(sample.ledger());
  for (int round = 0; round < 2; ++round) {
    writer.CountMany(200, 5);
    cluster.KillNine();
    cluster.StartAgain();
  }
  EXPECT_TRUE(WaitFor([&] { return tally_db.Rows() == 2000; }, std::chrono::seconds(60)))
      << tally_db.Rows();
  EXPECT_EQ(tally_db.Fault(), "");
  EXPECT_EQ(tally_db.DeadLetters(), 0);
}

TEST(CheckHash, IsTheLedgersAtEveryThousandthPosition) {
  NatsServer nats;
  TestDatabase sample_db;
  TallyDatabase tally_db;
  Node sample({.service = "sample", .database = &sample_db.database(), .nats_url = nats.url()});
  const std::atomic<bool> up{true};
  Node tally({.service = "tally",
              .database = &tally_db.database(),
              .nats_url = nats.url(),
              .log_reader = ReaderOf(sample.ledger(), up),
              .listen = tally_db.Effects()});
  Writer writer(sample.ledger());
  writer.CountMany(40, 420);  // 40 counters: three of them in shard 3
  ASSERT_TRUE(WaitFor([&] { return tally_db.Applied() == 40 * 420; }, std::chrono::seconds(60)));
  uint64_t hash = 0;
  const auto read = sample.ledger().ReadLog(3, 1, 1000, 100 << 20);
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->events_size(), 1000);
  for (const auto& event : read->events()) hash ^= EventHash(event);
  EXPECT_EQ(tally_db.Number("SELECT check_hash FROM inbox_check WHERE shard = 3 AND pos = 1000"),
            static_cast<int64_t>(hash));
  const auto rest = sample.ledger().ReadLog(3, 1001, 1000, 100 << 20);
  for (const auto& event : rest->events()) hash ^= EventHash(event);
  EXPECT_EQ(tally_db.Number("SELECT check_hash FROM inbox_cursor WHERE shard = 3"),
            static_cast<int64_t>(hash));
}

TEST(Lease, HasOneHolderAndANewTermForEach) {
  TestDatabase db;
  const LeaseLimits limits = ShortLimits().lease;
  std::atomic<int> changes{0};
  LeaseKeeper first(db.database(), "first", limits, [&] { ++changes; });
  Lease* mine = first.Add("relay");
  first.Start();
  ASSERT_TRUE(WaitFor([&] { return mine->held(); }));
  EXPECT_EQ(mine->term(), 1);
  LeaseKeeper second(db.database(), "second", limits, [&] { ++changes; });
  Lease* yours = second.Add("relay");
  second.Start();
  EXPECT_FALSE(yours->held());
  first.ReleaseAll();
  EXPECT_FALSE(mine->held());
  ASSERT_TRUE(WaitFor([&] { return yours->held(); }));
  EXPECT_EQ(yours->term(), 2);
  EXPECT_GE(changes, 2);
}

TEST(Lease, RunsOutWhenItIsNotRenewed) {
  TestDatabase db;
  const LeaseLimits limits = ShortLimits().lease;
  LeaseKeeper keeper(db.database(), "first", limits, [] {});
  Lease* lease = keeper.Add("relay");
  keeper.Start();
  ASSERT_TRUE(WaitFor([&] { return lease->held(); }));
  db.Ask("ALTER TABLE lease RENAME TO lease_gone");  // as if the database had gone away
  EXPECT_TRUE(WaitFor([&] { return !lease->held(); }));
}

// Work that is due at `due` and done once.
struct Timer {
  explicit Timer(absl::Time at) : due(at) {}
  DueWork Work() {
    return {"timer",
            [this](absl::Time now) -> absl::StatusOr<bool> {
              ++looks;
              if (fails-- > 0) return absl::UnavailableError("busy");
              if (now >= due && !done) {
                done = true;
                return true;
              }
              return false;
            },
            [this](absl::Time now) -> absl::StatusOr<int64_t> { return now >= due && !done; }};
  }
  absl::Time due;
  std::atomic<int> looks{0}, fails{0};
  std::atomic<bool> done{false};
};

TEST(DueWork, IsDoneWhenTheSimulatedClockReachesIt) {
  TestDatabase db;
  base::SimulatedClock clock;
  Timer timer(absl::FromUnixSeconds(2000));
  Node node({.service = "sample",
             .database = &db.database(),
             .nats_url = "nats://127.0.0.1:1",
             .due_works = {timer.Work()},
             .clock = &clock});
  EXPECT_EQ(node.Progress().due_timers(), 0) << "no clock, nothing due";
  ASSERT_TRUE(clock.Set(absl::FromUnixSeconds(1000)).ok());
  ASSERT_TRUE(WaitFor([&] { return timer.looks > 0; }));
  EXPECT_FALSE(timer.done);
  ASSERT_TRUE(clock.Set(absl::FromUnixSeconds(2000)).ok());
  ASSERT_TRUE(WaitFor([&] { return timer.done.load(); }));
  EXPECT_EQ(node.Progress().due_timers(), 0);
}

TEST(DueWork, IsTriedAgainWhenItFails) {
  TestDatabase db;
  Timer timer(absl::UnixEpoch());
  timer.fails = 2;
  Node node({.service = "sample",
             .database = &db.database(),
             .nats_url = "nats://127.0.0.1:1",
             .due_works = {timer.Work()}});
  EXPECT_TRUE(WaitFor([&] { return timer.done.load(); }));
}

TEST(Flow, RefusesAUrlThatCannotBeRead) {
  TestDatabase db;
  base::SystemClock clock;
  ledger::Ledger ledger(db.database(), clock, "sample");
  Subscriptions subscriptions;
  telemetry::Metrics metrics("sample");
  Flow flow({.service = "sample",
             .nats_url = "nats://:port",
             .ledger = &ledger,
             .subscriptions = &subscriptions,
             .metrics = &metrics});
  EXPECT_TRUE(absl::IsInvalidArgument(flow.Start()));
}

}  // namespace
}  // namespace ieum::flow::testing
