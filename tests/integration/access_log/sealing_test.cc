// Goal: every row is sealed, once, however late its transaction ends and whoever seals; nobody
// waits for anybody. Method: transactions held open by hand beside the sealing; several writers and
// sealers at once with cut commits, from random plans.
#include "platform/access_log/sealing.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <pqxx/pqxx>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/integration/access_log/written.h"
#include "tests/support/commit_cutter.h"

namespace ieum::access_log {
namespace {

using testing::CommitCutter;
using testing::Cut;
using testing::TestDatabase;

// Each case has a database of its own.
[[maybe_unused]] const int few_cases = setenv("RC_PARAMS", "max_success=20", 0);

// A writer whose transactions a test begins and ends as it likes.
class HeldWriter {
 public:
  explicit HeldWriter(const TestDatabase& test) : connection_(test.conninfo()) {}
  void Begin() { work_ = std::make_unique<pqxx::work>(connection_); }
  void Insert() {
    work_->exec(absl::StrCat(
        "INSERT INTO access_log (writer, number, at, account, source, action, method, outcome, "
        "subjects, query, reason, emergency, trace_id) VALUES ('",
        writer.ToString(), "', ", ++number_,
        ", now(), '', '', '', '', 'OK', '{}', '', '', false, '')"));
  }
  void Commit() {
    work_->commit();
    work_.reset();
  }
  const base::Uuid writer = base::Uuid::NewV7();

 private:
  pqxx::connection connection_;
  std::unique_ptr<pqxx::work> work_;
  int64_t number_ = 0;
};

int64_t SealedOf(TestDatabase& test, const base::Uuid& writer) {
  return std::stoll(test.Ask("SELECT coalesce(max(last_row), 0) FROM access_seal WHERE writer = '" +
                             writer.ToString() + "'"));
}

TEST(Sealing, HoldsARowWhoseTransactionEndedAfterLaterOnes) {
  TestDatabase test;
  HeldWriter slow(test), quick(test);
  slow.Begin();
  slow.Insert();  // earlier than all of the others, and not yet visible
  quick.Begin();
  quick.Insert();
  quick.Commit();
  EXPECT_EQ(SealAll(test.database()), 1);
  EXPECT_EQ(SealedOf(test, slow.writer), 0);
  slow.Insert();
  slow.Commit();
  EXPECT_EQ(SealAll(test.database()), 2);
  EXPECT_EQ(SealedOf(test, slow.writer), 2);
  EXPECT_EQ(SealAll(test.database()), 0) << "once is enough";
  EXPECT_EQ(FaultOf(test.database()), "");
}

TEST(Sealing, NeitherWaitsForAnAppendNorLetsItWait) {
  TestDatabase test;
  AccessLog log(test.database());
  HeldWriter held(test);
  held.Begin();
  held.Insert();
  ASSERT_TRUE(Append(log, "beside").ok());
  EXPECT_EQ(SealAll(test.database()), 1) << "while a transaction is open";
  // A sealing that has taken its rows and does not end.
  pqxx::connection other(test.conninfo());
  pqxx::work stuck(other);
  stuck.exec(
      "INSERT INTO access_seal SELECT number + 1, writer, last_row + 1, last_row + 1, newest, "
      "now(), "
      "substr(row_hashes, 1, 32), hash, hash FROM access_seal");
  EXPECT_TRUE(Append(log, "meanwhile").ok());
  held.Commit();
}

TEST(Sealing, IsDoneByOneOfTwoThatTryAtOnce) {
  TestDatabase test;
  AccessLog log(test.database());
  std::atomic<bool> appending = true;
  std::atomic<int64_t> sealed = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> sealers;
  for (int n = 0; n < 3; ++n) {
    sealers.emplace_back([&] {
      while (appending) {
        const auto done = SealOpenRows(test.database(), true);
        if (done.ok()) sealed += done->rows;
        if (!done.ok()) {
          EXPECT_EQ(done.status().code(), absl::StatusCode::kAborted);
          ++refused;
        }
      }
    });
  }
  for (int n = 0; n < 300; ++n) EXPECT_TRUE(Append(log, absl::StrCat(n)).ok());
  appending = false;
  for (std::thread& sealer : sealers) sealer.join();
  sealed += SealAll(test.database());
  EXPECT_EQ(sealed, 300);
  EXPECT_EQ(FaultOf(test.database()), "");
}

TEST(Sealing, SaysWhenOneSealCouldNotHoldAllThatIsOpen) {
  TestDatabase test;
  test.Ask(absl::StrCat(
      "INSERT INTO access_log (writer, number, at, account, source, action, method, outcome, "
      "subjects, query, reason, emergency, trace_id) SELECT '",
      base::Uuid::NewV7().ToString(), "', n, now(), '', '', '', '', 'OK', '{}', '', '', false, '' ",
      "FROM generate_series(1, ", kSealRowsMax + 1, ") n RETURNING 1"));
  const auto first = SealOpenRows(test.database(), false);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->rows, kSealRowsMax);
  EXPECT_TRUE(first->more);
  const auto rest = SealOpenRows(test.database(), false);
  EXPECT_EQ(rest->rows, 1);
  EXPECT_FALSE(rest->more);
}

std::string RowsOf(const std::string& writer, int64_t rows) {
  return absl::StrCat(
      "INSERT INTO access_log (writer, number, at, account, source, action, method, outcome, "
      "subjects, query, reason, emergency, trace_id) SELECT '",
      writer, "', n, now(), '', '', '', '', 'OK', '{}', '', '', false, '' FROM generate_series(1, ",
      rows, ") n RETURNING 1");
}

TEST(Sealing, GoesOnRunAfterRunOnlyAsLongAsItMay) {
  TestDatabase test;
  test.Ask(RowsOf(base::Uuid::NewV7().ToString(), 3 * kSealRowsMax + 1));
  int asked = 0;
  const auto cut = SealAll(test.database(), false, 50, [&] { return ++asked < 2; });
  ASSERT_TRUE(cut.ok()) << cut.status();
  EXPECT_EQ(cut->rows, 2 * kSealRowsMax) << "the lease was lost between the second and the third";
  EXPECT_EQ(cut->seals, 2);
  EXPECT_EQ(cut->last_number, 2);
  EXPECT_TRUE(cut->more);
  const auto rest = SealAll(test.database(), false, 50, [] { return true; });
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_EQ(rest->rows, kSealRowsMax + 1);
  EXPECT_EQ(rest->last_number, 4);
  EXPECT_FALSE(rest->more);
  EXPECT_EQ(SealAll(test.database(), false, 50, [] { return true; })->last_hash, "");
  EXPECT_EQ(FaultOf(test.database()), "");
}

TEST(Sealing, LooksAtAllWritersOnceAndSaysWhenOneOfThemHasMore) {
  TestDatabase test;
  const std::string old = "01000000-0000-7000-8000-000000000001";
  test.Ask(RowsOf(old, 2 * kSealRowsMax + 1));
  test.Ask(RowsOf(base::Uuid::NewV7().ToString(), kSealRowsMax + 1));
  const auto swept = SealAll(test.database(), true, 50, [] { return true; });
  ASSERT_TRUE(swept.ok()) << swept.status();
  EXPECT_EQ(swept->rows, kSealRowsMax + kSealRowsMax + 1) << "one run of the old one";
  EXPECT_FALSE(swept->more);
  EXPECT_TRUE(swept->more_of_old);
  EXPECT_EQ(swept->last_number, 3) << "with the hash";
  test.Ask("DELETE FROM access_log WHERE number = " + absl::StrCat(kSealRowsMax + 1) +
           " AND writer = '" + old + "' RETURNING 1");
  test.Ask(RowsOf(base::Uuid::NewV7().ToString(), kSealRowsMax + 1));
  const auto holed = SealAll(test.database(), true, 50, [] { return true; });
  ASSERT_TRUE(holed.ok()) << holed.status();
  ASSERT_EQ(holed->missing.size(), 1u) << "found by the first run and not forgotten by the next";
  EXPECT_EQ(holed->missing[0].ToString(), absl::StrCat(old, "/", kSealRowsMax + 1));
}

TEST(Sealing, FindsWritersOfLongAgoWhenItLooksAtAll) {
  TestDatabase test;
  test.Ask(
      "INSERT INTO access_log (writer, number, at, account, source, action, method, outcome, "
      "subjects, "
      "query, reason, emergency, trace_id) VALUES ('01000000-0000-7000-8000-000000000001', 1, "
      "now(), "
      "'', '', '', '', 'OK', '{}', '', '', false, '') RETURNING 1");
  EXPECT_EQ(SealOpenRows(test.database(), false)->rows, 0);
  EXPECT_EQ(SealOpenRows(test.database(), true)->rows, 1);
}

TEST(Sealing, StopsBeforeAHoleAndSaysWhichRowIsGone) {
  TestDatabase test;
  AccessLog log(test.database());
  for (int n = 1; n <= 4; ++n) ASSERT_TRUE(Append(log, absl::StrCat(n)).ok());
  const std::string writer = test.Ask("SELECT DISTINCT writer FROM access_log");
  test.Ask("DELETE FROM access_log WHERE number = 3 RETURNING 1");
  const auto sealed = SealOpenRows(test.database(), true);
  ASSERT_TRUE(sealed.ok());
  EXPECT_EQ(sealed->rows, 2);
  ASSERT_EQ(sealed->missing.size(), 1u);
  EXPECT_EQ(sealed->missing[0].ToString(), writer + "/3");
  EXPECT_EQ(FaultOf(test.database()), "row " + writer + "/3 is missing");
}

// What is appended by several processes while commits break and several seal is sealed once, and
// all of it that anybody was told of is there.
RC_GTEST_PROP(Sealing, CoversEveryRowOnceWhateverBreaks, ()) {
  const int writers = *rc::gen::inRange(1, 4);
  const int rows = *rc::gen::inRange(1, 25);
  const int cut_every = *rc::gen::inRange(1, 8);
  const bool committed = *rc::gen::arbitrary<bool>();
  TestDatabase test;
  CommitCutter cutter(test.conninfo());
  std::atomic<int> told = 0;
  std::atomic<bool> going = true;
  std::thread sealer([&] {
    while (going) (void)SealOpenRows(test.database(), false);
  });
  std::vector<std::thread> threads;
  for (int w = 0; w < writers; ++w) {
    threads.emplace_back([&, w] {
      db::Database database({.conninfo = cutter.conninfo(), .write_connections = 1});
      AccessLog log(database);
      for (int n = 0; n < rows; ++n) {
        if (n % cut_every == 0) cutter.CutNext(committed ? Cut::kAfterCommit : Cut::kBeforeCommit);
        told += Append(log, absl::StrCat(w, "-", n)).ok() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  going = false;
  sealer.join();
  SealAll(test.database());
  const int there = std::stoi(test.Ask("SELECT count(*) FROM access_log"));
  const int covered =
      std::stoi(test.Ask("SELECT coalesce(sum(last_row - first_row + 1), 0) FROM access_seal"));
  RC_ASSERT(there >= told);
  RC_ASSERT(covered == there);
  RC_ASSERT(FaultOf(test.database()).empty());
}

}  // namespace
}  // namespace ieum::access_log
