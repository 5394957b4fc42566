// Goal: the process outlives its database: it starts without it, says so while it is away, and goes
// on when it is back. Method: a cluster of its own, killed with -9 and started again on its data.
#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "platform/db/database.h"
#include "tests/support/postgres.h"
#include "tests/support/wait.h"

namespace ieum::db {
namespace {

using testing::PostgresCluster;
using testing::TestDatabase;
using testing::WaitFor;

const MigrationSet kTables{{"0001_note", "CREATE TABLE note (n int)"}};
const Statement kInsert("test_note_insert", "INSERT INTO note VALUES ($1)");
const Statement kMe("test_outage_backend", "SELECT pg_backend_pid()");

absl::Status Note(Database& database, int n) {
  return database.Write("note", [&](Tx& tx) {
    tx.Exec(kInsert, n);
    return absl::OkStatus();
  });
}

void ExpectAway(const absl::Status& status) {
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_EQ(base::ReasonOf(status), "UNAVAILABLE");
  EXPECT_TRUE(IsTransient(status));
  EXPECT_FALSE(InDoubt(status)) << "nothing was sent";
  EXPECT_EQ(status.ToString().find("/tmp"), std::string::npos) << status;
}

TEST(Outage, IsSurvivedWithNothingLost) {
  PostgresCluster cluster;
  TestDatabase test(cluster.conninfo(), kTables);
  Database& database = test.database();
  ASSERT_TRUE(Note(database, 1).ok());
  for (int round = 2; round <= 3; ++round) {
    cluster.KillNine();
    ExpectAway(Note(database, 100));
    ExpectAway(database.Ping());
    ExpectAway(Note(database, 100));
    cluster.StartAgain();
    ASSERT_TRUE(WaitFor([&] { return database.Ping().ok(); }));
    ASSERT_TRUE(WaitFor([&] { return Note(database, round).ok(); }));
    EXPECT_EQ(test.Ask("SELECT string_agg(n::text, ',' ORDER BY n) FROM note"),
              round == 2 ? "1,2" : "1,2,3");
  }
}

TEST(Outage, AtTheStartIsWaitedOut) {
  PostgresCluster cluster;
  TestDatabase test(cluster.conninfo(), kTables);
  cluster.KillNine();
  Database database(DatabaseOptions{.conninfo = test.conninfo()});
  ExpectAway(database.Ping());
  ExpectAway(Note(database, 1));
  cluster.StartAgain();
  EXPECT_TRUE(database.Ping().ok());
  EXPECT_TRUE(Note(database, 1).ok());
}

// One broken connection says that its idle neighbours are broken, too.
TEST(Outage, OfManyConnectionsIsHeardOfOnce) {
  TestDatabase test(kTables);
  constexpr int kConnections = 4;
  std::atomic<int> inside = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kConnections; ++t) {
    threads.emplace_back([&] {
      EXPECT_TRUE(test.database()
                      .Write("meet",
                             [&](Tx& tx) {
                               tx.Exec(kMe);
                               ++inside;
                               EXPECT_TRUE(WaitFor([&] { return inside >= kConnections; }));
                               return absl::OkStatus();
                             })
                      .ok());
    });
  }
  for (auto& thread : threads) thread.join();
  test.Ask(
      "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity "
      "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  int failures = 0;
  for (int i = 0; i < 2 * kConnections; ++i) {
    const absl::Status status = Note(test.database(), i);
    if (status.ok()) continue;
    ExpectAway(status);
    ++failures;
  }
  EXPECT_LE(failures, 1);
}

TEST(Outage, DoesNotLookLikeAWrongPassword) {
  // No such database: the server answers, and still it is no fault of the caller.
  Database database(DatabaseOptions{.conninfo = testing::SharedCluster() + " dbname=nobodys"});
  ExpectAway(database.Ping());
}

}  // namespace
}  // namespace ieum::db
