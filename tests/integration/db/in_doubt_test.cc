// Goal: a commit whose outcome is not known is told from everything that is known. Method: the wire
// is cut right before and right after COMMIT; a deferred trigger ends its own server at commit;
// and for each of these a neighbour that looks alike and is certain.
#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "platform/db/database.h"
#include "tests/support/commit_cutter.h"
#include "tests/support/postgres.h"

namespace ieum::db {
namespace {

using testing::CommitCutter;
using testing::Cut;
using testing::TestDatabase;

const MigrationSet kTables{{"0001_entry", R"(
  CREATE TABLE entry (n int);
  CREATE TABLE once (n int UNIQUE DEFERRABLE INITIALLY DEFERRED);
  CREATE FUNCTION end_server() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.n = 13 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
    IF NEW.n = 14 THEN PERFORM pg_cancel_backend(pg_backend_pid()), pg_sleep(30); END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION end_server())"}};

const Statement kInsert("test_entry_insert", "INSERT INTO entry VALUES ($1)");
const Statement kOnce("test_once_insert", "INSERT INTO once VALUES ($1)");
const Statement kCount("test_entry_count", "SELECT count(*) FROM entry");
const Statement kEnd("test_end_server", "SELECT pg_terminate_backend(pg_backend_pid())");

absl::Status Enter(Database& database, int n) {
  return database.Write("enter", [&](Tx& tx) {
    tx.Exec(kInsert, n);
    return absl::OkStatus();
  });
}

void ExpectInDoubt(const absl::Status& status) {
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_TRUE(InDoubt(status)) << status;
  EXPECT_TRUE(IsTransient(status));
}

class InDoubtTest : public ::testing::Test {
 protected:
  std::string Entries() { return test_.Ask("SELECT count(*) FROM entry"); }
  TestDatabase test_{kTables};
  CommitCutter cutter_{test_.conninfo()};
  Database database_{DatabaseOptions{.conninfo = cutter_.conninfo(), .write_connections = 2}};
};

TEST_F(InDoubtTest, IsACommitWhoseAnswerWasLost) {
  ASSERT_TRUE(Enter(database_, 1).ok());
  cutter_.CutNext(Cut::kAfterCommit);
  ExpectInDoubt(Enter(database_, 2));
  EXPECT_EQ(cutter_.cuts(), 1);
  EXPECT_EQ(Entries(), "2") << "it did happen";
  EXPECT_TRUE(Enter(database_, 3).ok()) << "the pool goes on";
}

TEST_F(InDoubtTest, IsACommitThatNeverArrived) {
  cutter_.CutNext(Cut::kBeforeCommit);
  ExpectInDoubt(Enter(database_, 1));
  EXPECT_EQ(Entries(), "0") << "it did not happen";
  EXPECT_TRUE(Enter(database_, 2).ok());
}

TEST_F(InDoubtTest, IsARelaxedCommitToo) {
  cutter_.CutNext(Cut::kAfterCommit);
  ExpectInDoubt(database_.WriteRelaxed("enter", [](Tx& tx) {
    tx.Exec(kInsert, 1);
    return absl::OkStatus();
  }));
}

TEST_F(InDoubtTest, IsACommitDuringWhichTheServerEnded) {
  ExpectInDoubt(Enter(database_, 13));
  EXPECT_EQ(Entries(), "0");
  EXPECT_TRUE(Enter(database_, 1).ok());
}

TEST_F(InDoubtTest, IsNotABreakBeforeTheCommit) {
  const absl::Status status = database_.Write("break", [](Tx& tx) {
    tx.Exec(kInsert, 1);
    tx.Exec(kEnd);
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_FALSE(InDoubt(status));
  EXPECT_EQ(Entries(), "0");
  EXPECT_TRUE(Enter(database_, 2).ok());
}

TEST_F(InDoubtTest, IsNotARefusalAtCommit) {
  const absl::Status status = database_.Write("twice", [](Tx& tx) {
    tx.Exec(kOnce, 1);
    tx.Exec(kOnce, 1);
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal) << status;
  EXPECT_FALSE(InDoubt(status));
  EXPECT_EQ(test_.Ask("SELECT count(*) FROM once"), "0");
}

TEST_F(InDoubtTest, IsNotACommitThatWasCancelled) {
  const absl::Status status = Enter(database_, 14);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_FALSE(InDoubt(status)) << "the server said that it rolled back";
  EXPECT_EQ(Entries(), "0");
}

TEST_F(InDoubtTest, IsNeverARead) {
  cutter_.CutNext(Cut::kAfterCommit);
  const absl::Status status = database_.Read("count", [](Tx& tx) {
    tx.Exec(kCount);
    return absl::OkStatus();
  });
  EXPECT_EQ(cutter_.cuts(), 1);
  EXPECT_FALSE(InDoubt(status));
  EXPECT_TRUE(database_.Ping().ok());
}

TEST_F(InDoubtTest, IsNothingElse) {
  EXPECT_FALSE(InDoubt(absl::OkStatus()));
  EXPECT_FALSE(InDoubt(base::Unavailable("x", absl::Seconds(1))));
  EXPECT_TRUE(IsTransient(base::Unavailable("x", absl::Seconds(1))));
  EXPECT_TRUE(IsTransient(base::Overloaded("x", absl::Seconds(1))));
  EXPECT_FALSE(IsTransient(absl::InternalError("x")));
  EXPECT_FALSE(IsTransient(base::Forbidden("X", "x")));
}

}  // namespace
}  // namespace ieum::db
