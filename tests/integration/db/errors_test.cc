// Goal: the database's errors end here: a caller hears a neutral word, nobody's data and no SQL
// reaches caller or log, and the connection that met the error is good or gone. Method: each kind
// of error is provoked on a real server; the log is caught.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "platform/db/database.h"
#include "tests/support/postgres.h"
#include "tests/support/wait.h"

namespace ieum::db {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::TestDatabase;
using testing::WaitFor;

const MigrationSet kTables{{"0001_person", R"(
  CREATE TABLE person (id int PRIMARY KEY, full_name text UNIQUE, age int CHECK (age >= 0));
  INSERT INTO person VALUES (1, 'Hong Gildong', 40))"}};

const Statement kInsert("test_person_insert", "INSERT INTO person VALUES ($1, $2, $3)");
const Statement kAge("test_person_age", "SELECT age FROM person WHERE id = $1::int");
const Statement kName("test_person_name", "SELECT full_name FROM person WHERE id = $1::int");
const Statement kDivide("test_divide", "SELECT 1 / $1::int");
const Statement kLate("test_late_table", "SELECT count(*) FROM late_table");
const Statement kLock("test_person_lock", "SELECT id FROM person WHERE id = $1 FOR UPDATE");
const Statement kRest("test_rest", "SELECT pg_sleep($1::float8)");
const Statement kMe("test_errors_backend", "SELECT pg_backend_pid()");

class Errors : public ::testing::Test {
 protected:
  // What the caller and the log heard of a body.
  template <class Body>
  std::string Heard(Database& database, absl::Status* status, Body body) {
    ::testing::internal::CaptureStdout();
    *status = database.Write("test", body);
    return ::testing::internal::GetCapturedStdout() +
           status->ToString(absl::StatusToStringMode::kWithEverything);
  }
  DatabaseOptions Options() const {
    DatabaseOptions options;
    options.conninfo = test_.conninfo();
    options.write_connections = 1;
    return options;
  }
  TestDatabase test_{kTables};
};

TEST_F(Errors, OfStatementsAreInternal) {
  absl::Status status;
  Heard(test_.database(), &status, [](Tx& tx) {
    tx.Exec(kDivide, 0);
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_FALSE(IsTransient(status));
  EXPECT_FALSE(InDoubt(status));
}

TEST_F(Errors, TellNobodyTheSqlOrTheData) {
  // Each breaks another rule, and PostgreSQL would quote row or value in its message or detail.
  const std::vector<std::vector<Param>> rows{
      {Param(2), Param("Hong Gildong"), Param(1)},           // unique
      {Param(3), Param("Im Kkeokjeong"), Param(-40)},        // check
      {Param(4), Param("Jang Gilsan"), Param("forty-two")},  // not a number
      {Param(std::nullopt), Param("Iljimae"), Param(1)}};    // not null
  for (const auto& row : rows) {
    absl::Status status;
    const std::string heard = Heard(test_.database(), &status, [&](Tx& tx) {
      tx.Run(kInsert, row);
      return absl::OkStatus();
    });
    EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
    for (const char* secret : {"Hong", "Kkeokjeong", "Gilsan", "Iljimae", "forty-two", "-40"}) {
      EXPECT_THAT(heard, Not(HasSubstr(secret)));
    }
    EXPECT_THAT(heard, Not(HasSubstr("INSERT INTO")));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("person")));
  }
}

TEST_F(Errors, SayInTheLogWhatKindTheyWere) {
  absl::Status status;
  const std::string heard = Heard(test_.database(), &status, [](Tx& tx) {
    tx.Exec(kInsert, 1, "Hong Gildong", 1);
    return absl::OkStatus();
  });
  EXPECT_THAT(heard, HasSubstr("23505"));
  EXPECT_THAT(heard, HasSubstr("person_pkey"));
}

TEST_F(Errors, OfOurOwnAreInternalToo) {
  absl::Status status;
  Heard(test_.database(), &status, [](Tx& tx) {
    (void)tx.Exec(kAge, 1)[0].at("no_such_column");
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("no_such_column")));
  const std::string heard = Heard(test_.database(), &status, [](Tx& tx) {
    (void)tx.Exec(kName, 1)[0][0].as<int>();
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(heard, Not(HasSubstr("Gildong")));
}

TEST_F(Errors, LeaveTheConnectionUsable) {
  Database database(Options());
  int before = 0, after = 0;
  ASSERT_TRUE(database
                  .Write("me",
                         [&](Tx& tx) {
                           before = tx.Exec(kMe)[0][0].as<int>();
                           return absl::OkStatus();
                         })
                  .ok());
  absl::Status status;
  Heard(database, &status, [](Tx& tx) {
    tx.Exec(kDivide, 0);
    return absl::OkStatus();
  });
  ASSERT_TRUE(database
                  .Write("me",
                         [&](Tx& tx) {
                           after = tx.Exec(kMe)[0][0].as<int>();
                           return absl::OkStatus();
                         })
                  .ok());
  EXPECT_EQ(before, after) << "an ordinary error costs no connection";
}

TEST_F(Errors, LetAStatementBePreparedOnceItsTableIsThere) {
  Database database(Options());
  const auto count = [](Tx& tx) {
    tx.Exec(kLate);
    return absl::OkStatus();
  };
  EXPECT_EQ(database.Write("late", count).code(), absl::StatusCode::kInternal);
  test_.Ask("CREATE TABLE late_table ()");
  EXPECT_TRUE(database.Write("late", count).ok());
}

TEST_F(Errors, OfALockThatIsNotGivenPassBy) {
  DatabaseOptions options = Options();
  options.lock_timeout = absl::Milliseconds(20);
  Database impatient(options);
  const absl::Status holder = test_.database().Write("hold", [&](Tx& tx) {
    tx.Exec(kLock, 1);
    const absl::Status waiter = impatient.Write("wait", [](Tx& waiting) {
      waiting.Exec(kLock, 1);
      return absl::OkStatus();
    });
    EXPECT_EQ(waiter.code(), absl::StatusCode::kUnavailable) << waiter;
    EXPECT_TRUE(IsTransient(waiter));
    EXPECT_FALSE(InDoubt(waiter));
    return absl::OkStatus();
  });
  EXPECT_TRUE(holder.ok());
}

TEST_F(Errors, OfAStatementThatRunsTooLongCostNoConnection) {
  DatabaseOptions options = Options();
  options.statement_timeout = absl::Milliseconds(20);
  Database database(options);
  int before = 0, after = 0;
  const absl::Status slow = database.Write("slow", [&](Tx& tx) {
    before = tx.Exec(kMe)[0][0].as<int>();
    tx.Exec(kRest, 30);
    return absl::OkStatus();
  });
  EXPECT_EQ(slow.code(), absl::StatusCode::kUnavailable) << slow;
  EXPECT_FALSE(InDoubt(slow));
  ASSERT_TRUE(database
                  .Write("me",
                         [&](Tx& tx) {
                           after = tx.Exec(kMe)[0][0].as<int>();
                           return absl::OkStatus();
                         })
                  .ok());
  EXPECT_EQ(before, after);
}

// A body that thinks too long loses its transaction; that must not fail as a fault of ours, and the
// dead connection must not wait in the pool for the next one.
TEST_F(Errors, OfABodyThatIdlesPassBy) {
  DatabaseOptions options = Options();
  options.idle_in_transaction_timeout = absl::Milliseconds(20);
  Database database(options);
  const absl::Status idle = database.Write("idle", [&](Tx& tx) {
    const std::string pid = AsText(tx.Exec(kMe)[0][0]);
    EXPECT_TRUE(WaitFor([&] {
      return test_.Ask("SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid) == "0";
    }));
    tx.Exec(kMe);
    return absl::OkStatus();
  });
  EXPECT_EQ(idle.code(), absl::StatusCode::kUnavailable) << idle;
  EXPECT_FALSE(InDoubt(idle));
  EXPECT_TRUE(database
                  .Write("next",
                         [](Tx& tx) {
                           tx.Exec(kMe);
                           return absl::OkStatus();
                         })
                  .ok());
}

TEST_F(Errors, OfAConnectionThatDiedUnderARefusalStayWithIt) {
  Database database(Options());
  const absl::Status refused = database.Write("refuse", [&](Tx& tx) {
    const std::string pid = AsText(tx.Exec(kMe)[0][0]);
    test_.Ask("SELECT pg_terminate_backend(" + pid + ")");
    EXPECT_TRUE(WaitFor([&] {
      return test_.Ask("SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid) == "0";
    }));
    return base::Forbidden("NOT_NOW", "not now");
  });
  EXPECT_EQ(base::ReasonOf(refused), "NOT_NOW");
  const absl::Status next = database.Write("next", [](Tx& tx) {
    tx.Exec(kMe);
    return absl::OkStatus();
  });
  EXPECT_TRUE(next.ok()) << "a dead connection was lent: " << next;
}

}  // namespace
}  // namespace ieum::db
