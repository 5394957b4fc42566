// Goal: what is old enough goes and the rest still hangs together; what is younger than two years
// goes by nobody's wish. law:L18 Method: rows with the dates of years ago, sealed; purges of all
// kinds.
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/integration/access_log/written.h"

namespace ieum::access_log {
namespace {

using testing::TestDatabase;

constexpr absl::Duration kDay = absl::Hours(24);

// A writer with rows as old as that, in days, sealed one by one.
void Plant(TestDatabase& test, const std::vector<int>& ages) {
  const std::string writer = base::Uuid::NewV7().ToString();
  int number = 0;
  for (const int age : ages) {
    test.Ask(absl::StrCat(
        "INSERT INTO access_log (writer, number, at, recorded_at, account, source, action, method, "
        "outcome, "
        "subjects, query, reason, emergency, trace_id) VALUES ('",
        writer, "', ", ++number, ", now() - interval '", age, " days', now() - interval '", age,
        " days', 'staff/kim', '', '', '', 'OK', '{}', '', '', false, '", age, "') RETURNING 1"));
    EXPECT_EQ(SealAll(test.database()), 1);
  }
}

std::string Left(TestDatabase& test) {
  return test.Ask(
      "SELECT coalesce(string_agg(trace_id, ' ' ORDER BY recorded_at), '') FROM access_log");
}

TEST(Retention, LetsGoWhatIsOlderAndVerifiesTheRestFromTheAnchor) {
  TestDatabase test;
  Plant(test, {900, 800, 735, 700, 10});
  ASSERT_EQ(FaultOf(test.database()), "");
  const auto gone = PurgeOlderThan(test.database(), 732 * kDay);
  ASSERT_TRUE(gone.ok()) << gone.status();
  EXPECT_EQ(*gone, 3);
  EXPECT_EQ(Left(test), "700 10");
  EXPECT_EQ(test.Ask("SELECT seal || ' ' || rows_gone FROM access_anchor"), "3 3");
  const auto verdict = Verify(test.database(), {});
  EXPECT_FALSE(verdict->fault) << *verdict->fault;
  EXPECT_EQ(verdict->began_after, 3);
  EXPECT_EQ(verdict->seals, 2);
  AccessLog log(test.database());
  ASSERT_TRUE(Append(log, "new").ok());
  EXPECT_EQ(SealAll(test.database()), 1);
  EXPECT_EQ(FaultOf(test.database()), "") << "the chain goes on behind an anchor";
  test.Ask("UPDATE access_log SET account = '' WHERE trace_id = '700' RETURNING 1");
  EXPECT_TRUE(absl::StrContains(FaultOf(test.database()), "/4 was altered"));
}

TEST(Retention, LeavesTheNewestSealSoThatTheChainHasAnEnd) {
  TestDatabase test;
  Plant(test, {900, 850, 800});
  EXPECT_EQ(*PurgeOlderThan(test.database(), 732 * kDay), 2);
  EXPECT_EQ(*PurgeOlderThan(test.database(), 732 * kDay), 0);
  EXPECT_EQ(Left(test), "800");
  EXPECT_EQ(FaultOf(test.database()), "");
}

// Seals go as they were made: an old row behind a younger one waits for it.
TEST(Retention, KeepsWhatStandsBehindYoungerRows) {
  TestDatabase test;
  Plant(test, {900, 100});
  Plant(test, {950});
  EXPECT_EQ(*PurgeOlderThan(test.database(), 732 * kDay), 1);
  EXPECT_EQ(Left(test), "950 100");
  EXPECT_EQ(FaultOf(test.database()), "");
}

// Seals are the service's own to write; what they say of a row's age is not believed.
TEST(Retention, IsNotShortenedByASealThatCallsYoungRowsOld) {
  TestDatabase test;
  Plant(test, {900});
  Plant(test, {10, 5});
  test.Ask("UPDATE access_seal SET newest = now() - interval '900 days' RETURNING 1");
  (void)PurgeOlderThan(test.database(), 732 * kDay);
  EXPECT_EQ(Left(test), "10 5");
}

TEST(Retention, IsNotShortenedByAnybodysWish) {
  TestDatabase test;
  Plant(test, {720, 400, 1});
  for (const absl::Duration kept : {720 * kDay, 365 * kDay, absl::ZeroDuration(), -10 * kDay}) {
    EXPECT_FALSE(PurgeOlderThan(test.database(), kept).ok()) << kept;
  }
  for (const char* before : {"now()", "now() - interval '23 months'", "NULL", "'infinity'"}) {
    bool refused = false;
    try {
      test.Ask(absl::StrCat("SELECT access_log_purge(", before, ", 1000)"));
    } catch (const std::exception& error) {
      refused = absl::StrContains(error.what(), "at least two years");
    }
    EXPECT_TRUE(refused) << before;
  }
  EXPECT_EQ(Left(test), "720 400 1");
  EXPECT_EQ(*PurgeOlderThan(test.database(), 732 * kDay), 0);
}

}  // namespace
}  // namespace ieum::access_log
