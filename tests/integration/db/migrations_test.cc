// Goal: a database is brought to a schema once, by whoever comes first, whole or not at all, and a
// program never works on a schema that is not its own. Method: made-up sets on empty databases.
#include "platform/db/migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "platform/db/database.h"
#include "tests/support/postgres.h"

namespace ieum {
db::MigrationSet platform_migrations();
}

namespace ieum::db {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::TestDatabase;

const Migration kFirst{"0001_first", "CREATE TABLE first (n int); INSERT INTO first VALUES (1)"};
const Migration kSecond{"0002_second", "INSERT INTO first VALUES (2)"};
const Migration kThird{"0003_third", "INSERT INTO first VALUES (3)"};

class Migrations : public ::testing::Test {
 protected:
  std::string Numbers() {
    return test_.Ask("SELECT string_agg(n::text, ',' ORDER BY n) FROM first");
  }
  Database& database() { return test_.database(); }
  TestDatabase test_{testing::SharedCluster(), {}, /*migrate=*/false};
};

TEST_F(Migrations, AreAppliedInOrderAndOnce) {
  EXPECT_EQ(Migrate(database(), "service", {kFirst, kSecond}).value(), 2);
  EXPECT_EQ(Migrate(database(), "service", {kFirst, kSecond}).value(), 0);
  EXPECT_EQ(Migrate(database(), "service", {kFirst, kSecond, kThird}).value(), 1);
  EXPECT_EQ(Numbers(), "1,2,3");
  EXPECT_TRUE(CheckSchema(database(), "service", {kFirst, kSecond, kThird}).ok());
}

TEST_F(Migrations, AreAppliedOnceByTwoAtOnce) {
  // The first statement waits, so that both are surely there at once.
  const MigrationSet set{{"0001_first", "SELECT pg_sleep(0.2); " + kFirst.sql}, kSecond, kThird};
  Database other({.conninfo = test_.conninfo()});
  absl::StatusOr<int> theirs = 0;
  std::thread thread([&] { theirs = Migrate(other, "service", set); });
  const absl::StatusOr<int> ours = Migrate(database(), "service", set);
  thread.join();
  ASSERT_TRUE(ours.ok()) << ours.status();
  ASSERT_TRUE(theirs.ok()) << theirs.status();
  EXPECT_EQ(*ours + *theirs, 3);
  EXPECT_EQ(Numbers(), "1,2,3");
}

TEST_F(Migrations, TakeAsLongAsTheyTake) {
  const MigrationSet set{{"0001_first", "SELECT pg_sleep(0.6); " + kFirst.sql}};
  const DatabaseOptions hasty{.conninfo = test_.conninfo(),
                              .statement_timeout = absl::Milliseconds(200),
                              .lock_timeout = absl::Milliseconds(200)};
  Database one(hasty), other(hasty);
  absl::StatusOr<int> theirs = 0;
  std::thread thread([&] { theirs = Migrate(other, "service", set); });
  const absl::StatusOr<int> ours = Migrate(one, "service", set);
  thread.join();
  ASSERT_TRUE(ours.ok()) << ours.status();
  ASSERT_TRUE(theirs.ok()) << theirs.status();
  EXPECT_EQ(*ours + *theirs, 1);
}

TEST_F(Migrations, LeaveNothingHalfDone) {
  const Migration half{"0002_half", "CREATE TABLE half (n int); SELECT 1/0;"};
  const absl::Status status = Migrate(database(), "service", {kFirst, half, kThird}).status();
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(test_.Ask("SELECT to_regclass('half')"), "");
  EXPECT_EQ(test_.Ask("SELECT string_agg(name, ',') FROM schema_migration"), "0001_first")
      << "each file has a transaction of its own";
  EXPECT_EQ(Numbers(), "1");
  // The file was never applied, so it may be put right.
  const Migration whole{"0002_half", "CREATE TABLE half (n int)"};
  EXPECT_EQ(Migrate(database(), "service", {kFirst, whole, kThird}).value(), 2);
  EXPECT_EQ(Numbers(), "1,3");
}

TEST_F(Migrations, RefuseAFileThatWasChangedAfterwards) {
  ASSERT_TRUE(Migrate(database(), "service", {kFirst}).ok());
  const Migration changed{kFirst.name, kFirst.sql + " "};
  for (const absl::Status& status : {Migrate(database(), "service", {changed, kSecond}).status(),
                                     CheckSchema(database(), "service", {changed})}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("service/0001_first"));
  }
  EXPECT_EQ(Numbers(), "1") << "nothing was applied beside it";
}

// row:Y8
TEST_F(Migrations, LetAnOlderProgramServeWhatANewerOneOnlyAddedTo) {
  ASSERT_TRUE(Migrate(database(), "service", {kFirst, kSecond}).ok());
  EXPECT_TRUE(CheckSchema(database(), "service", {kFirst}).ok());
  EXPECT_THAT(std::string(CheckSchema(database(), "service", {kSecond}).message()),
              HasSubstr("0001_first"))
      << "what lies before its own last file it would know";
}

TEST_F(Migrations, StopAnOlderProgramWhereSomethingWasTakenAway) {
  const Migration contract{"0002_contract",
                           "-- contract: nobody reads it\nDROP TABLE IF EXISTS none"};
  ASSERT_TRUE(Migrate(database(), "service", {kFirst, contract}).ok());
  EXPECT_TRUE(CheckSchema(database(), "service", {kFirst, contract}).ok());
  EXPECT_THAT(std::string(CheckSchema(database(), "service", {kFirst}).message()),
              AllOf(HasSubstr("0002_contract"), HasSubstr("run the newer program")));
}

// A release that is taken back has its migration run as every other has.
TEST_F(Migrations, LeaveAloneWhatANewerProgramOnlyAdded) {
  ASSERT_TRUE(Migrate(database(), "service", {kFirst, kSecond}).ok());
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(Migrate(database(), "service", {kFirst, kSecond}).value(), 0);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(Migrate(database(), "service", {kFirst}).value(), 0);
  EXPECT_THAT(::testing::internal::GetCapturedStdout(),
              AllOf(HasSubstr("WARN"), HasSubstr("newer release"), HasSubstr("0002_second")));
  EXPECT_EQ(Numbers(), "1,2");
}

TEST_F(Migrations, AreNotMadeByAProgramThatIsOlder) {
  const Migration contract{"0002_contract", "-- contract: nobody reads it\nSELECT 1"};
  ASSERT_TRUE(Migrate(database(), "contracted", {{"0001_none", "SELECT 1"}, contract}).ok());
  ASSERT_TRUE(Migrate(database(), "service", {kFirst, kThird}).ok());
  const std::pair<absl::Status, const char*> refusals[] = {
      {Migrate(database(), "contracted", {{"0001_none", "SELECT 1"}}).status(), "0002_contract"},
      // One that is missing would come behind the newer one.
      {Migrate(database(), "service", {kFirst, kSecond}).status(), "0003_third"}};
  for (const auto& [refused, newer] : refusals) {
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(refused.message()), HasSubstr(newer));
  }
  EXPECT_EQ(Numbers(), "1,3");
}

TEST_F(Migrations, CheckATableOfAnEarlierRelease) {
  ASSERT_TRUE(Migrate(database(), "service", {kFirst}).ok());
  test_.Ask("ALTER TABLE schema_migration DROP COLUMN contracts");
  EXPECT_TRUE(CheckSchema(database(), "service", {kFirst}).ok());
  EXPECT_EQ(Migrate(database(), "service", {kFirst, kSecond}).value(), 1);
}

TEST_F(Migrations, TellWhichSchemaIsThereAndWhichIsNeeded) {
  const absl::Status empty = CheckSchema(database(), "service", {kFirst});
  EXPECT_EQ(empty.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(empty.message()),
              AllOf(HasSubstr("none"), HasSubstr("0001_first"), HasSubstr("migrate")));
  ASSERT_TRUE(Migrate(database(), "service", {kFirst, kSecond}).ok());
  const absl::Status older = CheckSchema(database(), "service", {kFirst, kSecond, kThird});
  EXPECT_EQ(older.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(older.message()),
              AllOf(HasSubstr("0002_second"), HasSubstr("0003_third"), HasSubstr("migrate")));
  EXPECT_EQ(Numbers(), "1,2") << "a check changes nothing";
}

TEST_F(Migrations, OfOneSetKnowNothingOfAnother) {
  ASSERT_TRUE(Migrate(database(), "platform", {kFirst}).ok());
  const Migration same_name{"0001_first", "CREATE TABLE other (n int)"};
  EXPECT_EQ(Migrate(database(), "service", {same_name}).value(), 1);
  EXPECT_TRUE(CheckSchema(database(), "platform", {kFirst}).ok());
  EXPECT_TRUE(CheckSchema(database(), "service", {same_name}).ok());
  EXPECT_TRUE(CheckSchema(database(), "third", {}).ok());
}

TEST_F(Migrations, OfThePlatformApplyToAnEmptyDatabase) {
  const MigrationSet set = platform_migrations();
  ASSERT_FALSE(set.empty());
  EXPECT_EQ(Migrate(database(), "platform", set).value(), static_cast<int>(set.size()));
  EXPECT_TRUE(CheckSchema(database(), "platform", set).ok());
  EXPECT_EQ(test_.Ask("SELECT count(*) FROM outbox_shard WHERE last_pos = 0"), "16");
}

}  // namespace
}  // namespace ieum::db
