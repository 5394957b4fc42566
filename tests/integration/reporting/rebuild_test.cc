// A rebuild from the producers' ledgers, beside the facts in use.
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "services/reporting/facts/fact_store.h"
#include "services/reporting/rebuilds/rebuild_commands.h"
#include "services/reporting/rebuilds/rebuild_work.h"
#include "tests/integration/reporting/rebuild_fixture.h"

namespace ieum::reporting {
namespace {

constexpr int64_t kRunPositions = 1;  // so that few events are many runs

v1::Rebuild RunToEnd(ReportingDatabase& reporting, const std::vector<flow::ReceivedEvent>& log,
                     v1::RebuildMode mode, int64_t run_positions = kRunPositions) {
  const base::Uuid id = StartOne(reporting, mode);
  RebuildWork work(reporting.ledger, LogOf(log), {"registry"}, run_positions);
  while (true) {
    auto more = work.Step();
    EXPECT_TRUE(more.ok()) << more.status();
    if (!more.ok() || !*more) break;
  }
  return Find(reporting, id);
}

// row:X2 row:P19
TEST(Rebuild, GivesEqualHashesOverAllColumns) {
  ReportingDatabase reporting;
  reporting.Consume(SmallYear());
  const v1::Rebuild rebuild = RunToEnd(reporting, SmallYear(), v1::REBUILD_MODE_COMPARE);
  EXPECT_EQ(rebuild.state(), v1::REBUILD_STATE_DONE);
  EXPECT_TRUE(rebuild.equal());
  EXPECT_FALSE(rebuild.swapped());
  ASSERT_EQ(rebuild.tables_size(), 1);
  EXPECT_EQ(rebuild.tables(0).live_rows(), 6);
  EXPECT_EQ(rebuild.tables(0).live_hash(), rebuild.tables(0).rebuilt_hash());
  EXPECT_EQ(rebuild.applied_events(), 6);
}

TEST(Rebuild, GivesTheSameHashInRunsOfAnySize) {
  ReportingDatabase reporting;
  reporting.Consume(SmallYear());
  const auto small = RunToEnd(reporting, SmallYear(), v1::REBUILD_MODE_COMPARE, 1);
  const auto large = RunToEnd(reporting, SmallYear(), v1::REBUILD_MODE_COMPARE, 1000);
  EXPECT_EQ(small.tables(0).live_hash(), large.tables(0).live_hash());
  EXPECT_EQ(small.tables(0).live_rows(), large.tables(0).live_rows());
}

// A writer that holds the live facts for as long as the comparison takes: neither waits.
TEST(Rebuild, ComparesWhileTheLiveFactsAreWritten) {
  ReportingDatabase reporting;
  reporting.Consume(SmallYear());
  const absl::Status written = reporting.db.database().Write("writer", [&](db::Tx& tx) {
    HoldLiveGeneration(tx);
    EXPECT_TRUE(RunToEnd(reporting, SmallYear(), v1::REBUILD_MODE_COMPARE).equal());
    return absl::OkStatus();
  });
  EXPECT_TRUE(written.ok()) << written;
}

// What was compared before a ledger came back from a backup says nothing of what stands there now.
TEST(Rebuild, ComparesAnewWhenALedgerWasRestoredBehindIt) {
  ReportingDatabase reporting;
  reporting.Consume(SmallYear());
  reporting.db.Ask("UPDATE fact SET subject = subject || '/vanished' RETURNING 1");
  const base::Uuid id = StartOne(reporting, v1::REBUILD_MODE_COMPARE);
  RebuildWork work(reporting.ledger, LogOf(SmallYear()), {"registry"}, kRunPositions);
  while (Find(reporting, id).applied_events() < 6) ASSERT_TRUE(*work.Step());
  for (int runs = 0; runs < 3; ++runs) ASSERT_TRUE(*work.Step()) << "it must not conclude";
  reporting.db.Ask("UPDATE fact SET subject = replace(subject, '/vanished', '') RETURNING 1");
  reporting.db.Ask("UPDATE inbox_cursor SET epoch = 2 RETURNING 1");
  while (*work.Step()) {
  }
  EXPECT_TRUE(Find(reporting, id).equal());
  EXPECT_EQ(Find(reporting, id).tables(0).first_difference(), "");
}

// Nothing that the consumer writes during a swap is lost, whichever generation it meets.
TEST(Rebuild, SwapsWhileTheConsumerGoesOn) {
  ReportingDatabase reporting;
  EventMaker maker("registry");
  for (int n = 0; n < 200; ++n) {
    const std::string firm = absl::StrCat("G", n);
    maker.Add(TestId(firm), Confirmed(firm, "2023-04-03"));
  }
  const auto& year = maker.events();
  reporting.Consume({year.begin(), year.begin() + 50});
  std::thread consumer([&] {
    for (auto event = year.begin() + 50; event != year.end(); ++event) reporting.Consume({*event});
  });
  EXPECT_TRUE(RunToEnd(reporting, year, v1::REBUILD_MODE_SWAP, 4).equal());
  consumer.join();
  const v1::Rebuild after = RunToEnd(reporting, year, v1::REBUILD_MODE_COMPARE);
  EXPECT_TRUE(after.equal());
  EXPECT_EQ(after.tables(0).live_rows(), 200);
}

TEST(Rebuild, FindsAPlantedChangedRowAndNamesIt) {
  for (
      const char* plant :
      {"UPDATE fact SET fields = fields || '{\"confirmed_date\": \"2023-01-01\"}' WHERE event_id = "
       "(SELECT min(event_id::text)::uuid FROM fact)",
       "UPDATE fact SET subject = 'tests/other' WHERE event_id = (SELECT min(event_id::text)::uuid "
       "FROM fact)",
       "DELETE FROM fact WHERE event_id = (SELECT min(event_id::text)::uuid FROM fact)"}) {
    ReportingDatabase reporting;
    reporting.Consume(SmallYear());
    reporting.db.Ask(plant);
    const v1::Rebuild rebuild = RunToEnd(reporting, SmallYear(), v1::REBUILD_MODE_COMPARE);
    EXPECT_FALSE(rebuild.equal()) << plant;
    EXPECT_EQ(rebuild.tables(0).first_difference().rfind("registry/", 0), 0u) << plant;
  }
}

// row:P20
TEST(Rebuild, SwapsTheNewFactsInAndMendsWhatWasWrong) {
  ReportingDatabase reporting;
  reporting.Consume(SmallYear());
  reporting.db.Ask("DELETE FROM fact");
  const v1::Rebuild rebuild = RunToEnd(reporting, SmallYear(), v1::REBUILD_MODE_SWAP);
  EXPECT_TRUE(rebuild.swapped());
  EXPECT_FALSE(rebuild.equal());
  EXPECT_EQ(reporting.db.Ask("SELECT count(*) FROM fact WHERE generation = "
                             "(SELECT generation FROM projection_live)"),
            "6");
  EXPECT_TRUE(RunToEnd(reporting, SmallYear(), v1::REBUILD_MODE_COMPARE).equal());
}

TEST(Rebuild, LeavesWhatItReadAheadToTheConsumer) {
  ReportingDatabase reporting;
  auto year = SmallYear();
  const std::vector<flow::ReceivedEvent> first(year.begin(), year.begin() + 4);
  reporting.Consume(first);  // the consumer is behind the ledger
  const v1::Rebuild rebuild = RunToEnd(reporting, year, v1::REBUILD_MODE_SWAP);
  EXPECT_TRUE(rebuild.equal()) << "compared at the consumer's positions";
  reporting.Consume({year.begin() + 4, year.end()});
  EXPECT_TRUE(RunToEnd(reporting, year, v1::REBUILD_MODE_COMPARE).equal());
}

TEST(Rebuild, ReadsOnWhenTheLiveFactsWentAhead) {
  ReportingDatabase reporting;
  auto year = SmallYear();
  reporting.Consume(year);
  // The first log knows less than what was consumed: as if the rebuild had read it earlier.
  const base::Uuid id = StartOne(reporting, v1::REBUILD_MODE_COMPARE);
  RebuildWork early(reporting.ledger, LogOf({year.begin(), year.begin() + 3}), {"registry"});
  for (int step = 0; step < 10; ++step) ASSERT_TRUE(*early.Step()) << "it must not conclude";
  RebuildWork later(reporting.ledger, LogOf(year), {"registry"});
  while (*later.Step()) {
  }
  EXPECT_TRUE(Find(reporting, id).equal());
}

TEST(Rebuild, GoesOnWhereAKilledOneStopped) {
  ReportingDatabase reporting;
  reporting.Consume(SmallYear());
  const base::Uuid id = StartOne(reporting, v1::REBUILD_MODE_SWAP);
  for (int step = 0; step < 3; ++step) {
    RebuildWork killed(reporting.ledger, LogOf(SmallYear()), {"registry"});
    ASSERT_TRUE(*killed.Step());
    EXPECT_EQ(reporting.db.Ask("SELECT generation FROM projection_live"), "0");
  }
  RebuildWork survivor(reporting.ledger, LogOf(SmallYear()), {"registry"});
  while (*survivor.Step()) {
  }
  const v1::Rebuild rebuild = Find(reporting, id);
  EXPECT_TRUE(rebuild.equal());
  EXPECT_TRUE(rebuild.swapped());
  EXPECT_EQ(rebuild.applied_events(), 6);
}

TEST(StartRebuild, RefusesASecondOneAtATime) {
  ReportingDatabase reporting;
  StartOne(reporting, v1::REBUILD_MODE_COMPARE);
  auto second = reporting.Run([&](ledger::UnitOfWork& work) {
    v1::CreateRebuildRequest request;
    request.mutable_rebuild()->set_mode(v1::REBUILD_MODE_SWAP);
    return StartRebuild(work, request);
  });
  EXPECT_EQ(base::ReasonOf(second.status()), "REBUILD_RUNNING");
}

}  // namespace
}  // namespace ieum::reporting
