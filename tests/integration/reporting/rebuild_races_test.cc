// Goal: two generations of facts never come between each other: what is live is not emptied, who
// reads sees what was live to the end, and of two processes at one rebuild each piece is kept once.
// Method: real transactions, halted by locks at the moment that counts.
#include <gtest/gtest.h>

#include <atomic>
#include <pqxx/pqxx>
#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "services/reporting/facts/fact_store.h"
#include "services/reporting/rebuilds/log_ahead.h"
#include "services/reporting/rebuilds/rebuild_commands.h"
#include "services/reporting/rebuilds/rebuild_work.h"
#include "tests/integration/reporting/rebuild_fixture.h"
#include "tests/support/wait.h"

namespace ieum::reporting {
namespace {

constexpr char kLiveRows[] =
    "SELECT count(*) FROM fact WHERE generation = (SELECT generation FROM projection_live)";

// So many transactions of this database stand before a lock.
bool Waiting(ReportingDatabase& reporting, int count) {
  return reporting.db.Ask(
             "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
             "wait_event_type = 'Lock'") == std::to_string(count);
}

// Steps until the ledger is read; nothing is compared yet.
void ReadAll(ReportingDatabase& reporting, RebuildWork& work, const base::Uuid& id) {
  while (Find(reporting, id).applied_events() < 6) ASSERT_TRUE(*work.Step());
}

// A process saw that the reading has not begun, and slept. When it goes on, another one is about to
// end the same rebuild: its take-over is written, but not committed. Fails when BeginReading does
// not hold the pointer.
TEST(RebuildRaces, ASleeperEmptiesNothingThatIsBecomingLive) {
  ReportingDatabase reporting;
  reporting.Consume(SmallYear());
  const base::Uuid id = StartOne(reporting, v1::REBUILD_MODE_SWAP);
  RebuildWork work(reporting.ledger, LogOf(SmallYear()), {"registry"});
  ReadAll(reporting, work, id);

  pqxx::connection halt(reporting.db.conninfo());
  pqxx::work halted(halt);
  halted.exec("SELECT 1 FROM outbox_shard FOR UPDATE");  // the end appends its event last of all
  std::thread ending([&] {
    while (*work.Step()) {
    }
  });
  ASSERT_TRUE(testing::WaitFor([&] { return Waiting(reporting, 1); }));
  std::thread sleeper([&] {
    const absl::Status begun = reporting.db.database().Write("begin", [](db::Tx& tx) {
      BeginReading(tx, {"registry"});
      return absl::OkStatus();
    });
    EXPECT_TRUE(begun.ok()) << begun;
  });
  ASSERT_TRUE(testing::WaitFor([&] { return Waiting(reporting, 2); }));
  halted.commit();
  ending.join();
  sleeper.join();
  EXPECT_TRUE(Find(reporting, id).swapped());
  EXPECT_EQ(reporting.db.Ask(kLiveRows), "6");
}

// Somebody reads since before a swap. The next rebuild empties what was live then. Fails when a
// reader does not keep the generations before its snapshot is taken.
TEST(RebuildRaces, AReaderSeesWhatWasLiveWhenItBegan) {
  ReportingDatabase reporting;
  reporting.Consume(SmallYear());
  const base::Uuid first = StartOne(reporting, v1::REBUILD_MODE_SWAP);
  RebuildWork work(reporting.ledger, LogOf(SmallYear()), {"registry"});
  ReadAll(reporting, work, first);

  RebuildWork next(reporting.ledger, LogOf(SmallYear()), {"registry"});
  std::thread second;
  std::atomic<bool> emptied{false};
  const absl::Status read = reporting.db.database().Read("reader", [&](db::Tx& tx) {
    const int live = LiveGeneration(tx);
    while (*work.Step()) {
    }
    EXPECT_TRUE(Find(reporting, first).swapped());
    StartOne(reporting, v1::REBUILD_MODE_COMPARE);
    second = std::thread([&] { emptied = next.Step().ok(); });
    EXPECT_TRUE(testing::WaitFor([&] { return emptied || Waiting(reporting, 1); }));
    EXPECT_EQ(HashFacts(tx, live, AppliedPositions(tx)).rows, 6);
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  second.join();
  // It may have lost its patience with the reader; then it begins again.
  EXPECT_TRUE(emptied || next.Step().ok());
  while (*next.Step()) {
  }
  EXPECT_EQ(reporting.db.Ask(kLiveRows), "6");
}

// Both have read ahead what the other one keeps first.
TEST(RebuildRaces, TwoProcessesKeepEachPieceOnce) {
  ReportingDatabase reporting;
  reporting.Consume(SmallYear());
  const base::Uuid id = StartOne(reporting, v1::REBUILD_MODE_COMPARE);
  RebuildWork one(reporting.ledger, LogOf(SmallYear()), {"registry"});
  RebuildWork other(reporting.ledger, LogOf(SmallYear()), {"registry"});
  int refused = 0;
  for (int step = 0; Find(reporting, id).state() == v1::REBUILD_STATE_RUNNING; ++step) {
    ASSERT_LT(step, 200) << "it does not come to its end";
    const auto more = (step % 2 == 0 ? one : other).Step();
    if (more.ok()) continue;
    EXPECT_TRUE(absl::IsAborted(more.status())) << more.status();
    ++refused;
  }
  EXPECT_GT(refused, 0) << "they did not meet";
  EXPECT_TRUE(Find(reporting, id).equal());
  EXPECT_EQ(Find(reporting, id).applied_events(), 6);
}

// What was read of a ledger before it was restored may hold events that never happened.
TEST(RebuildRaces, NothingIsKeptOfALedgerAsItWasBeforeItsRestore) {
  ReportingDatabase reporting;
  reporting.Consume(SmallYear());
  const base::Uuid id = StartOne(reporting, v1::REBUILD_MODE_COMPARE);
  RebuildWork work(reporting.ledger, LogOf(SmallYear()), {"registry"});
  ASSERT_TRUE(*work.Step());
  LogAhead log(LogOf(SmallYear()), {[] {
                 v1::ProducerPosition position;
                 position.set_producer("registry");
                 for (int shard = 0; shard < base::Uuid::kShards; ++shard)
                   position.add_positions(0);
                 return position;
               }()});
  const auto piece = log.Next();
  ASSERT_TRUE(piece.ok() && *piece != nullptr);
  reporting.db.Ask("UPDATE inbox_cursor SET epoch = 2 RETURNING 1");
  const absl::Status kept =
      reporting.db.database().Write("keep", [&](db::Tx& tx) { return KeepPiece(tx, id, **piece); });
  EXPECT_TRUE(absl::IsAborted(kept)) << kept;
  EXPECT_EQ(reporting.db.Ask("SELECT count(*) FROM fact WHERE generation = 1"), "0");
}

TEST(LogAhead, GivesWhatWasReadBeforeItsReaderFailed) {
  v1::ProducerPosition position;
  position.set_producer("registry");
  for (int shard = 0; shard < base::Uuid::kShards; ++shard) position.add_positions(0);
  std::atomic<int> calls{0};
  const flow::LogReader year = LogOf(SmallYear());
  LogAhead log(
      [&](const std::string& producer, int shard, int64_t from,
          int most) -> absl::StatusOr<platform::v1::ReadLogResponse> {
        auto piece = year(producer, shard, from, most);
        if (piece->events_size() > 0 && ++calls == 2) return absl::UnavailableError("gone");
        return piece;
      },
      {position});
  const auto piece = log.Next();
  ASSERT_TRUE(piece.ok() && *piece != nullptr);
  EXPECT_EQ((*piece)->from, 0);
  EXPECT_EQ((*piece)->to, static_cast<int64_t>((*piece)->events.size()));
  EXPECT_EQ((*piece)->facts.size(), (*piece)->events.size());
  EXPECT_TRUE(absl::IsUnavailable(log.Next().status()));
}

}  // namespace
}  // namespace ieum::reporting
