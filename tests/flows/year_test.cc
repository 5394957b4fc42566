// Goal: a whole year, played over the four real services, real PostgreSQL, NATS and SMTP, gives
// exactly what the scenario and the published report say. Method: the year is played once; each
// test looks at what came out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_split.h"
#include "services/reporting/facts/fact_commands.h"
#include "services/reporting/facts/fact_store.h"
#include "tests/audit/suite_subject.h"
#include "tests/flows/ledgers.h"
#include "tests/flows/played_year.h"
#include "tests/support/postgres.h"
#include "tools/play/expectations.h"
#include "tools/play/print_results.h"

namespace ieum {
db::MigrationSet reporting_migrations();
}

namespace ieum::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class Year : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    year_ = new PlayedYear(BusanYear());
    if (year_->Play()) results_ = new play::Results(year_->Read());
  }
  static void TearDownTestSuite() {
    delete results_;
    delete year_;
    results_ = nullptr;
    year_ = nullptr;
  }
  void SetUp() override { ASSERT_NE(results_, nullptr) << "the year was not played"; }

  static PlayedYear* year_;
  static play::Results* results_;
};

PlayedYear* Year::year_ = nullptr;
play::Results* Year::results_ = nullptr;

TEST_F(Year, GivesWhatTheScenarioExpects) {
  EXPECT_THAT(play::Differences(year_->scenario().expected, play::Observed(*results_)), IsEmpty());
}

TEST_F(Year, AddsUp) { EXPECT_THAT(play::Contradictions(*results_), IsEmpty()); }

// The rows as they were published.
TEST_F(Year, GivesThePublishedRows) {
  std::ifstream file(IEUM_SOURCE_DIR "/tests/flows/published_rows.csv");
  std::string line;
  std::getline(file, line);
  int rows = 0;
  for (; std::getline(file, line); ++rows) {
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    ASSERT_THAT(cells, SizeIs(8)) << line;
    const auto figure = std::find_if(results_->figures.begin(), results_->figures.end(),
                                     [&](const play::Figure& one) { return one.code == cells[0]; });
    ASSERT_NE(figure, results_->figures.end()) << line;
    const reporting::v1::Metric& metric = figure->metric;
    EXPECT_EQ(metric.label_ko() + " " + metric.label_en(), cells[1]);
    EXPECT_EQ(metric.unit(), cells[2]);
    EXPECT_EQ(play::OrDash(metric.target()), cells[3]) << line;
    EXPECT_EQ(metric.actual(), cells[4]) << line;
    EXPECT_EQ(play::OrDash(metric.rate_percent()), cells[5]) << line;
    EXPECT_EQ(play::StatusWord(metric.status()), cells[6]) << line;
  }
  EXPECT_EQ(rows, 5);
}

TEST_F(Year, ExplainsEveryFigureByItsEvents) {
  for (const play::Figure& figure : results_->figures) {
    EXPECT_TRUE(figure.Explained())
        << figure.code << ": " << figure.made << " for " << figure.metric.actual();
  }
}

TEST_F(Year, SendsEachMessageOnceByMail) {
  EXPECT_EQ(results_->messages.in_doubt, 0);
  EXPECT_EQ(results_->messages.other, 0);
  EXPECT_EQ(results_->mails.received, results_->messages.total);
  EXPECT_EQ(results_->mails.distinct_ids, results_->mails.received);
}

TEST_F(Year, LeavesNoDeadLetter) {
  for (const std::string& service : kServices) {
    EXPECT_EQ(year_->suite().Progress(service).dead_letters(), 0) << service;
  }
}

// law:INV1 law:INV2 law:INV3 law:INV4 law:INV5 law:INV6 law:INV7 law:INV8
TEST_F(Year, KeepsTheLaws) { EXPECT_THAT(AuditSuite(year_->suite()), IsEmpty()); }

reporting::FactsHash KeptFacts(db::Database& database,
                               const std::vector<reporting::v1::ProducerPosition>& up_to) {
  reporting::FactsHash hash;
  const absl::Status read = database.Read("facts", [&](db::Tx& tx) {
    hash = reporting::HashFacts(tx, reporting::LiveGeneration(tx), up_to);
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  return hash;
}

std::vector<reporting::v1::ProducerPosition> Applied(db::Database& database) {
  std::vector<reporting::v1::ProducerPosition> positions;
  const absl::Status read = database.Read("positions", [&](db::Tx& tx) {
    positions = reporting::AppliedPositions(tx);
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  return positions;
}

// In runs of random length, as batches come.
void Keep(db::Database& database, absl::Span<const flow::ReceivedEvent> events,
          std::mt19937_64& random) {
  constexpr size_t kRunMax = 256;
  while (!events.empty()) {
    const size_t run =
        std::min(events.size(), std::uniform_int_distribution<size_t>(1, kRunMax)(random));
    const absl::Status kept = database.Write("keep", [&](db::Tx& tx) {
      return reporting::KeepFacts(tx, reporting::LiveGeneration(tx), events.first(run));
    });
    ASSERT_TRUE(kept.ok()) << kept;
    events.remove_prefix(run);
  }
}

TEST_F(Year, GivesTheSameProjectionsInEveryLegalOrderOfItsEvents) {
  db::Database live({.conninfo = year_->suite().DatabaseOf("reporting")});
  const auto positions = Applied(live);
  const reporting::FactsHash expected = KeptFacts(live, positions);
  const auto events = ReadLedgers(year_->services(), {"registry", "casemgmt", "notify"});
  EXPECT_EQ(expected.rows, static_cast<int64_t>(events.size()));
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    std::mt19937_64 random(seed);
    TestDatabase fresh(year_->suite().postgres().conninfo(), reporting_migrations());
    const auto order = Interleaved(events, random);
    Keep(fresh.database(), order, random);
    const reporting::FactsHash hash = KeptFacts(fresh.database(), positions);
    EXPECT_EQ(hash.rows, expected.rows) << "seed " << seed;
    EXPECT_EQ(hash.hash, expected.hash) << "seed " << seed;
  }
}

}  // namespace
}  // namespace ieum::testing
