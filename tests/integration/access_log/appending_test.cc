// Goal: an access is durable, once, before anybody is told so; and who cannot be told so is told
// that. Method: a real PostgreSQL; commits cut at the worst moment, a table that is away.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/integration/access_log/written.h"
#include "tests/support/commit_cutter.h"

namespace ieum::access_log {
namespace {

using testing::CommitCutter;
using testing::Cut;
using testing::TestDatabase;

TEST(Appending, HasWrittenTheRowWhenItAnswers) {
  TestDatabase test;
  AccessLog log(test.database());
  for (int n = 1; n <= 5; ++n) {
    ASSERT_TRUE(Append(log, absl::StrCat("trace", n)).ok());
    EXPECT_EQ(test.Ask("SELECT count(*) FROM access_log"), absl::StrCat(n));
  }
  EXPECT_EQ(test.Ask("SELECT string_agg(number::text, ' ' ORDER BY number) FROM access_log"),
            "1 2 3 4 5");
  EXPECT_EQ(test.Ask("SELECT account || ' ' || outcome || ' ' || cardinality(subjects) || ' ' || "
                     "subjects[2] || ' ' || reason FROM access_log WHERE trace_id = 'trace3'"),
            R"(staff/kim OK 2 odd "{,} \ one 회의 준비)");
}

TEST(Appending, SharesCommitsAmongThoseWhoComeTogether) {
  TestDatabase test;
  AccessLog log(test.database());
  constexpr int kThreads = 16, kEach = 50;
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int n = 0; n < kEach; ++n) good += Append(log, absl::StrCat(t, "-", n)).ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, kThreads * kEach);
  EXPECT_EQ(test.Ask("SELECT count(DISTINCT trace_id) || ' ' || count(*) || ' ' || max(number) "
                     "FROM access_log"),
            "800 800 800");
  EXPECT_LT(std::stoi(test.Ask("SELECT count(DISTINCT xmin::text) FROM access_log")), 800);
}

TEST(Appending, WritesOnceWhatWasInDoubt) {
  TestDatabase test;
  CommitCutter cutter(test.conninfo());
  db::Database database({.conninfo = cutter.conninfo(), .write_connections = 1});
  AccessLog log(database);
  int n = 0;
  for (const Cut cut : {Cut::kAfterCommit, Cut::kBeforeCommit, Cut::kAfterCommit}) {
    cutter.CutNext(cut);
    EXPECT_TRUE(Append(log, absl::StrCat("cut", ++n)).ok());
    EXPECT_TRUE(Append(log, absl::StrCat("next", n)).ok());
  }
  EXPECT_EQ(cutter.cuts(), 3);
  EXPECT_EQ(test.Ask("SELECT count(*) || ' ' || count(DISTINCT trace_id) FROM access_log"), "6 6");
  EXPECT_EQ(SealAll(test.database()), 6);
  EXPECT_EQ(FaultOf(test.database()), "");
}

// What nobody heard of may be there or not; whoever comes later does not get its number.
TEST(Appending, BeginsAnewWhenNobodyKnowsWhatBecameOfRows) {
  TestDatabase test;
  CommitCutter cutter(test.conninfo());
  db::Database database({.conninfo = cutter.conninfo(), .write_connections = 1});
  AccessLog log(database);
  ASSERT_TRUE(Append(log, "before").ok());
  cutter.CutNext(Cut::kAfterCommit, 2);  // the second try, too
  EXPECT_EQ(Append(log, "unknown").code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(Append(log, "after").ok());
  EXPECT_EQ(test.Ask("SELECT count(*) FROM access_log WHERE trace_id = 'unknown'"), "1");
  EXPECT_EQ(test.Ask("SELECT number FROM access_log WHERE trace_id = 'after'"), "1");
  EXPECT_EQ(SealAll(test.database()), 3);
  EXPECT_EQ(FaultOf(test.database()), "");
}

TEST(Appending, SaysWhenItCannotWriteAndGoesOnWhenItCan) {
  TestDatabase test;
  AccessLog log(test.database());
  ASSERT_TRUE(Append(log, "before").ok());
  test.Ask("ALTER TABLE access_log RENAME TO away");
  EXPECT_EQ(Append(log, "lost").code(), absl::StatusCode::kUnavailable);
  test.Ask("ALTER TABLE away RENAME TO access_log");
  EXPECT_TRUE(Append(log, "after").ok());
  EXPECT_EQ(test.Ask("SELECT string_agg(trace_id, ' ' ORDER BY recorded_at) FROM access_log"),
            "before after");
}

// Somebody else's rows under the numbers that come next must not swallow an access.
TEST(Appending, LosesNothingToARowThatWasPutInItsPlace) {
  TestDatabase test;
  AccessLog log(test.database());
  ASSERT_TRUE(Append(log, "first").ok());
  test.Ask(
      "INSERT INTO access_log SELECT writer, 2, at, now(), account, source, action, method, "
      "outcome, "
      "subjects, query, reason, emergency, 'forged' FROM access_log RETURNING 1");
  EXPECT_TRUE(Append(log, "second").ok());
  EXPECT_EQ(test.Ask("SELECT count(*) FROM access_log WHERE trace_id = 'second'"), "1");
}

TEST(Appending, WritesWhatWaitsBeforeItEnds) {
  TestDatabase test;
  std::atomic<int> told = 0;
  {
    AccessLog log(test.database());
    for (int n = 0; n < 300; ++n) {
      log.Append(SomeAccess(absl::StrCat(n)),
                 [&](const absl::Status& status) { told += status.ok(); });
    }
  }
  EXPECT_EQ(told, 300);
  EXPECT_EQ(test.Ask("SELECT count(*) FROM access_log"), "300");
}

}  // namespace
}  // namespace ieum::access_log
