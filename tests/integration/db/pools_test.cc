// Goal: reads and writes do not stand in each other's way, nobody waits for ever, and work that met
// another's is done again. Method: a real database, bodies that hold what they have while others
// try; order is forced by what the server shows, not by time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "platform/base/status.h"
#include "platform/db/database.h"
#include "tests/support/postgres.h"
#include "tests/support/wait.h"

namespace ieum::db {
namespace {

using testing::TestDatabase;
using testing::WaitFor;

const MigrationSet kTables{{"0001_thing",
                            "CREATE TABLE thing (id int PRIMARY KEY, n int NOT NULL);"
                            "INSERT INTO thing VALUES (1, 10), (2, 20)"}};

const Statement kNumber("test_thing_select", "SELECT n FROM thing WHERE id = $1");
const Statement kRaise("test_thing_raise", "UPDATE thing SET n = n + $2 WHERE id = $1");
const Statement kCount("test_thing_count", "SELECT count(*) FROM thing");
const Statement kInsert("test_thing_insert", "INSERT INTO thing VALUES ($1, $2)");

int NumberOf(Tx& tx, int id) { return tx.Exec(kNumber, id)[0][0].as<int>(); }

class Pools : public ::testing::Test {
 protected:
  DatabaseOptions Options() const {
    DatabaseOptions options;
    options.conninfo = test_.conninfo();
    return options;
  }
  TestDatabase test_{kTables};
};

TEST_F(Pools, LetAReadPassWhileEveryWriteConnectionIsBusy) {
  DatabaseOptions options = Options();
  options.write_connections = 1;
  options.read_connections = 1;
  Database database(options);
  const absl::Status written = database.Write("hold", [&](Tx& tx) -> absl::Status {
    tx.Exec(kRaise, 1, 5);
    int seen = 0;
    RETURN_IF_ERROR(database.Read("beside", [&](Tx& reading) {
      seen = NumberOf(reading, 1);
      return absl::OkStatus();
    }));
    EXPECT_EQ(seen, 10) << "the read saw what was not committed";
    return absl::OkStatus();
  });
  EXPECT_TRUE(written.ok()) << written;
  EXPECT_EQ(test_.Ask("SELECT n FROM thing WHERE id = 1"), "15");
}

TEST_F(Pools, RefuseWhenAllConnectionsStayBusy) {
  DatabaseOptions options = Options();
  options.write_connections = 1;
  options.acquire_timeout = absl::Milliseconds(20);
  Database database(options);
  absl::Status inner;
  bool ran = false;
  const absl::Status outer = database.Write("hold", [&](Tx&) {
    inner = database.Write("wait", [&](Tx&) {
      ran = true;
      return absl::OkStatus();
    });
    return absl::OkStatus();
  });
  EXPECT_TRUE(outer.ok()) << outer;
  EXPECT_EQ(inner.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(base::ReasonOf(inner), "OVERLOADED");
  EXPECT_TRUE(IsTransient(inner));
  EXPECT_FALSE(InDoubt(inner));
  EXPECT_FALSE(ran);
  EXPECT_TRUE(database.Write("later", [](Tx&) { return absl::OkStatus(); }).ok());
}

TEST_F(Pools, HandAFreedConnectionToWhoeverWaits) {
  DatabaseOptions options = Options();
  options.write_connections = 2;
  Database database(options);
  std::atomic<int> inside = 0, most = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        const absl::Status status = database.Write("raise", [&](Tx& tx) {
          most = std::max<int>(most, ++inside);
          tx.Exec(kRaise, 2, 1);
          --inside;
          return absl::OkStatus();
        });
        EXPECT_TRUE(status.ok()) << status;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(most, 2);
  EXPECT_EQ(test_.Ask("SELECT n FROM thing WHERE id = 2"), "220");
}

TEST_F(Pools, KeepTheirConnectionsBetweenTransactions) {
  Database& database = test_.database();
  std::set<std::string> servers;
  static const Statement kMe("test_backend_pid", "SELECT pg_backend_pid()::text");
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(database
                    .Write("me",
                           [&](Tx& tx) {
                             servers.insert(AsText(tx.Exec(kMe)[0][0]));
                             return absl::OkStatus();
                           })
                    .ok());
  }
  EXPECT_EQ(servers.size(), 1u);
}

TEST_F(Pools, ShowAReadOneSnapshotForAllItsStatements) {
  Database& database = test_.database();
  ASSERT_TRUE(database
                  .Read("twice",
                        [&](Tx& tx) {
                          const int before = tx.Exec(kCount)[0][0].as<int>();
                          EXPECT_TRUE(database
                                          .Write("between",
                                                 [](Tx& writing) {
                                                   writing.Exec(kInsert, 3, 30);
                                                   return absl::OkStatus();
                                                 })
                                          .ok());
                          EXPECT_EQ(tx.Exec(kCount)[0][0].as<int>(), before);
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_EQ(test_.Ask("SELECT count(*) FROM thing"), "3");
}

TEST_F(Pools, LetAReadWriteNothing) {
  const absl::Status status = test_.database().Read("sneaky", [](Tx& tx) {
    tx.Exec(kInsert, 4, 40);
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(test_.Ask("SELECT count(*) FROM thing"), "2");
}

TEST_F(Pools, RollBackWhatReturnsARefusal) {
  const absl::Status status = test_.database().Write("refused", [](Tx& tx) {
    tx.Exec(kInsert, 5, 50);
    return base::Forbidden("NOT_NOW", "not now");
  });
  EXPECT_EQ(base::ReasonOf(status), "NOT_NOW") << "a refusal comes back as it is";
  EXPECT_EQ(test_.Ask("SELECT count(*) FROM thing"), "2");
}

// Two bodies take the same two rows in opposite order. One of them is broken off and runs again.
TEST_F(Pools, RunADeadlockedBodyAgain) {
  DatabaseOptions options = Options();
  options.conninfo += " options='-c deadlock_timeout=20ms'";
  Database database(options);
  std::atomic<int> holding = 0, runs = 0;
  const auto raise_both = [&](int first, int second) {
    return database.Write("both", [&, first, second](Tx& tx) {
      const bool first_run = ++runs <= 2;
      tx.Exec(kRaise, first, 1);
      ++holding;
      if (first_run) {
        EXPECT_TRUE(WaitFor([&] { return holding >= 2; }));
      }
      tx.Exec(kRaise, second, 1);
      return absl::OkStatus();
    });
  };
  absl::Status other;
  std::thread thread([&] { other = raise_both(2, 1); });
  const absl::Status status = raise_both(1, 2);
  thread.join();
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(other.ok()) << other;
  EXPECT_GE(runs, 3) << "there was no deadlock";
  EXPECT_EQ(test_.Ask("SELECT sum(n) FROM thing"), "34");
}

TEST_F(Pools, RunAConflictAtMostFiveTimes) {
  int runs = 0;
  const absl::Status lost = test_.database().Write("conflict", [&](Tx& tx) -> absl::Status {
    tx.Exec(kInsert, 6, 60);
    ++runs;
    Conflict();
  });
  EXPECT_EQ(runs, 5);
  EXPECT_EQ(lost.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(IsTransient(lost));
  EXPECT_FALSE(InDoubt(lost));
  EXPECT_EQ(test_.Ask("SELECT count(*) FROM thing"), "2");

  runs = 0;
  const absl::Status won = test_.database().Write("conflict", [&](Tx& tx) -> absl::Status {
    tx.Exec(kInsert, 6, 60);
    if (++runs < 3) Conflict();
    return absl::OkStatus();
  });
  EXPECT_TRUE(won.ok()) << won;
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(test_.Ask("SELECT count(*) FROM thing"), "3") << "an earlier run left something";
}

}  // namespace
}  // namespace ieum::db
