// Goal: statements that are sent together do what they would have done one by one, an assumption
// that was wrong is found out before COMMIT, and a read of one statement is only that. Method: the
// rows themselves, and who is named as wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "platform/base/status.h"
#include "platform/db/connection.h"
#include "platform/db/database.h"
#include "platform/db/pipeline.h"
#include "tests/support/postgres.h"
#include "tests/support/wait.h"

namespace ieum::db {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TestDatabase;

const MigrationSet kTables{{"0001_thing",
                            "CREATE TABLE thing (id int PRIMARY KEY, n int NOT NULL, note text);"
                            "INSERT INTO thing VALUES (1, 10), (2, 20)"}};

const Statement kInsert("test_gather_insert",
                        "INSERT INTO thing VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
const Statement kRaise("test_gather_raise", "UPDATE thing SET n = n + $2 WHERE id = $1");
const Statement kSum("test_gather_sum", "SELECT sum(n) FROM thing");
const Statement kDivide("test_gather_divide", "UPDATE thing SET n = n / $2 WHERE id = $1");

class Gathering : public ::testing::Test {
 protected:
  // One transaction that gathers; `body` may fail it.
  absl::Status Write(absl::FunctionRef<absl::Status(Tx&)> body) {
    wrong_.clear();
    return test_.database().WriteOnce("gather", [&](Tx& tx) {
      tx.Gather(&wrong_);
      return body(tx);
    });
  }
  std::string Sum() { return test_.Ask("SELECT sum(n) FROM thing"); }

  TestDatabase test_{kTables};
  std::vector<int> wrong_;
};

TEST_F(Gathering, SendsInOrderBeforeWhatIsAnswered) {
  int sum = 0;
  const absl::Status status = Write([&](Tx& tx) {
    EXPECT_TRUE(tx.ExecOne(kInsert, 3, 30, "달빛 \"quoted\" \\ text"));
    tx.ExecLater(kRaise, 3, 5);
    tx.ExecLater(kRaise, 4, 5);  // there is none, and nobody asks
    EXPECT_TRUE(tx.ExecRows(1, kRaise, 3, 5));
    sum = tx.Exec(kSum)[0][0].as<int>();
    tx.ExecLater(kRaise, 1, 1);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(sum, 70);
  EXPECT_EQ(Sum(), "71");
  EXPECT_THAT(wrong_, IsEmpty());
  EXPECT_EQ(test_.Ask("SELECT note FROM thing WHERE id = 3"), "달빛 \"quoted\" \\ text");
}

TEST_F(Gathering, NamesAllWhoWereWrongAndKeepsNothing) {
  bool after = false;
  const absl::Status status = Write([&](Tx& tx) {
    tx.SetUnit(7);
    EXPECT_TRUE(tx.ExecOne(kInsert, 1, 0, std::nullopt)) << "assumed";
    tx.SetUnit(8);
    tx.ExecLater(kRaise, 1, 100);
    tx.SetUnit(9);
    EXPECT_TRUE(tx.ExecRows(2, kRaise, 2, 100)) << "assumed";
    tx.Exec(kSum);
    after = true;
    return absl::OkStatus();
  });
  EXPECT_TRUE(IsTransient(status)) << status;
  EXPECT_FALSE(after);
  EXPECT_THAT(wrong_, ElementsAre(7, 9));
  EXPECT_EQ(Sum(), "30");
}

TEST_F(Gathering, FindsOutBeforeCommit) {
  const absl::Status status = Write([&](Tx& tx) {
    tx.SetUnit(1);
    tx.ExecOne(kRaise, 1, 100);
    tx.SetUnit(2);
    tx.ExecOne(kInsert, 2, 0, std::nullopt);
    return absl::OkStatus();
  });
  EXPECT_TRUE(IsTransient(status)) << status;
  EXPECT_THAT(wrong_, ElementsAre(2));
  EXPECT_EQ(Sum(), "30");
}

TEST_F(Gathering, NamesWhoseStatementFailedAndTheConnectionLives) {
  for (int i = 0; i < 3; ++i) {
    const absl::Status status = Write([&](Tx& tx) {
      tx.SetUnit(1);
      tx.ExecLater(kRaise, 1, 100);
      tx.SetUnit(2);
      tx.ExecLater(kDivide, 1, 0);
      tx.SetUnit(3);
      tx.ExecLater(kRaise, 2, 100);
      tx.Send();
      return absl::OkStatus();
    });
    EXPECT_EQ(status.code(), absl::StatusCode::kInternal) << status;
    EXPECT_THAT(wrong_, ElementsAre(2));
    EXPECT_EQ(Sum(), "30");
  }
}

TEST_F(Gathering, CarriesMoreThanOneTripHolds) {
  const std::string note(1000, 'n');
  const int many = static_cast<int>(kPipelineStatements) * 3;
  const absl::Status status = Write([&](Tx& tx) {
    for (int i = 0; i < many; ++i) tx.ExecOne(kInsert, 100 + i, 1, note);
    tx.ExecOne(kInsert, 99, 1, std::string(4 * kPipelineBytes, 'n'));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(test_.Ask("SELECT count(*) FROM thing"), std::to_string(many + 3));
}

TEST_F(Gathering, WithNobodyToNameOnlyPutsOffWhatNobodyAsks) {
  const absl::Status status = test_.database().Write("later", [&](Tx& tx) {
    tx.Gather(nullptr);
    tx.ExecLater(kRaise, 1, 1);
    EXPECT_FALSE(tx.ExecOne(kInsert, 1, 0, std::nullopt)) << "the truth";
    EXPECT_TRUE(tx.ExecOne(kInsert, 3, 30, std::nullopt));
    tx.ExecLater(kRaise, 3, 1);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(Sum(), "62");
}

TEST_F(Gathering, CountsWhatHasChanged) {
  EXPECT_TRUE(test_.database()
                  .Write("changes",
                         [](Tx& tx) {
                           tx.Exec(kSum);
                           tx.Exec(kRaise, 77, 1);
                           EXPECT_EQ(tx.changes(), 0);
                           tx.Exec(kRaise, 1, 1);
                           EXPECT_EQ(tx.changes(), 1);
                           return absl::OkStatus();
                         })
                  .ok());
}

TEST_F(Gathering, ProbingSendsNothing) {
  const absl::Status status = Write([&](Tx& tx) {
    EXPECT_TRUE(tx.Probe([] {}));
    EXPECT_TRUE(tx.Probe([] { Tx::StopProbe(); }));
    EXPECT_FALSE(tx.Probe([&] { tx.Exec(kRaise, 1, 1000); }));
    EXPECT_FALSE(tx.Probe([&] { tx.ExecOne(kInsert, 5, 50, std::nullopt); }));
    EXPECT_FALSE(tx.probing());
    tx.Exec(kRaise, 1, 1);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(Sum(), "31");
}

// Two transactions that wait for each other: the unit that PostgreSQL ends is the one that is
// named, so that its neighbours can go on without it. The other one is told to look for deadlocks
// late.
TEST_F(Gathering, NamesTheUnitWhoseStatementMetADeadlock) {
  std::promise<void> first_holds, other_holds;
  std::thread other([&] {
    const absl::Status status = test_.database().WriteOnce("other", [&](Tx& tx) {
      tx.RunDynamic("SET LOCAL deadlock_timeout = '60s'", {});
      first_holds.get_future().wait();
      tx.Exec(kRaise, 2, 1);
      other_holds.set_value();
      EXPECT_TRUE(testing::WaitFor([&] {
        return test_.Ask(
                   "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                   "AND datname = current_database()") == "1";
      }));
      tx.Exec(kRaise, 1, 1);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
  });
  const absl::Status status = Write([&](Tx& tx) {
    tx.SetUnit(1);
    tx.ExecLater(kRaise, 1, 100);
    tx.Send();
    first_holds.set_value();
    other_holds.get_future().wait();
    tx.SetUnit(6);
    tx.ExecLater(kDivide, 1, 1);
    tx.SetUnit(7);
    tx.ExecLater(kRaise, 2, 100);
    return absl::OkStatus();
  });
  other.join();
  EXPECT_TRUE(IsTransient(status)) << status;
  EXPECT_THAT(wrong_, ElementsAre(7));
  EXPECT_EQ(Sum(), "32") << "only the other one's";
}

// A statement that libpq refuses to send leaves those before it unanswered, and the connection in
// the middle of a pipeline: whoever got it next would fail without a fault of his own.
TEST_F(Gathering, AConnectionThatIsLeftInThePipelineIsUsedByNobody) {
  Connection connection(test_.conninfo(), "SELECT 1");
  ASSERT_TRUE(connection.usable());
  size_t failed = 0;
  const std::vector<NotedStatement> noted = {
      {&kSum, {}, kAnyRows, 1}, {&kRaise, std::vector<Param>(70'000, Param("1")), kAnyRows, 2}};
  EXPECT_THROW(ExecPipelined(connection, noted, &failed), pqxx::broken_connection);
  EXPECT_TRUE(connection.raw().is_open()) << "the server noticed nothing";
  EXPECT_FALSE(connection.usable());
}

TEST_F(Gathering, AReadOfOneStatementSeesWhatIsCommittedAndWritesNothing) {
  Database& database = test_.database();
  const auto sum = [&] {
    int read = 0;
    EXPECT_TRUE(database
                    .ReadOne("sum",
                             [&](Tx& tx) {
                               read = tx.Exec(kSum)[0][0].as<int>();
                               return absl::OkStatus();
                             })
                    .ok());
    return read;
  };
  EXPECT_EQ(sum(), 30);
  test_.Ask("UPDATE thing SET n = n + 1");
  EXPECT_EQ(sum(), 32);
  const absl::Status sneaky = database.ReadOne("sneaky", [](Tx& tx) {
    tx.Exec(kRaise, 1, 1);
    return absl::OkStatus();
  });
  EXPECT_EQ(sneaky.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(sum(), 32);
}

TEST_F(Gathering, AReadOfOneStatementRefusesASecond) {
  const auto twice = [&] {
    DatabaseOptions options;  // connections of its own: a process may die with them
    options.conninfo = test_.conninfo();
    return Database(options).ReadOne("twice", [](Tx& tx) {
      tx.Exec(kSum);
      tx.Exec(kSum);
      return absl::OkStatus();
    });
  };
#ifdef NDEBUG
  EXPECT_EQ(twice().code(), absl::StatusCode::kInternal);
#else
  EXPECT_DEATH((void)twice(), "a read of one statement sent another");
#endif
}

}  // namespace
}  // namespace ieum::db
