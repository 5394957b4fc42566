// Goal: a process works on exactly the schema that it was made for, and says what to do otherwise.
// Method: the real processes on databases that are empty, ahead, or tampered with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/flows/newcomer.h"
#include "tests/flows/suite.h"

namespace ieum::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kFailed = 1;
constexpr int kWrongSchema = 3;
constexpr char kMigrations[] =
    "SELECT string_agg(set_name || '/' || name || checksum, ' ' ORDER BY set_name, name) "
    "FROM schema_migration";

class StartupSchema : public ::testing::TestWithParam<std::string> {
 protected:
  NatsServer nats_;
  TestDatabase database_{SharedCluster(), {}, /*migrate=*/false};
  Newcomer newcomer_{GetParam(), database_.conninfo(), nats_.url()};
};

TEST_P(StartupSchema, IsBroughtByMigrateAndByNothingElse) {
  EXPECT_EQ(newcomer_.Run(), kWrongSchema);
  EXPECT_THAT(newcomer_.Reasons(),
              ElementsAre(AllOf(HasSubstr("older than this program"),
                                HasSubstr("run this program with 'migrate' first"))));
  EXPECT_EQ(database_.Ask("SELECT to_regclass('event_log') IS NULL"), "t");
  EXPECT_EQ(newcomer_.Run("migrate"), 0) << newcomer_.Output();
  const std::string migrated = database_.Ask(kMigrations);
  EXPECT_EQ(newcomer_.Run("migrate"), 0) << newcomer_.Output();
  EXPECT_EQ(database_.Ask(kMigrations), migrated);
  newcomer_.Start();
  EXPECT_TRUE(newcomer_.BecomesReady()) << newcomer_.Output();
}

// row:Y8
TEST_P(StartupSchema, OfANewerReleaseThatOnlyAddedIsServedByAnOlderProgram) {
  ASSERT_EQ(newcomer_.Run("migrate"), 0) << newcomer_.Output();
  database_.Ask("INSERT INTO schema_migration (set_name, name, checksum) VALUES ('" + GetParam() +
                "', '9999_of_tomorrow', 'x')");
  EXPECT_EQ(newcomer_.Run("migrate"), 0) << newcomer_.Output();
  EXPECT_THAT(newcomer_.Output(), HasSubstr("nothing to migrate"));
  newcomer_.Start();
  EXPECT_TRUE(newcomer_.BecomesReady()) << newcomer_.Output();
}

TEST_P(StartupSchema, ThatLostSomethingStopsAnOlderProgram) {
  ASSERT_EQ(newcomer_.Run("migrate"), 0) << newcomer_.Output();
  database_.Ask("INSERT INTO schema_migration (set_name, name, checksum, contracts) VALUES ('" +
                GetParam() + "', '9999_of_tomorrow', 'x', true)");
  const std::string before = database_.Ask(kMigrations);
  for (const auto& [word, code] : {std::pair("", kWrongSchema), std::pair("migrate", kFailed)}) {
    EXPECT_EQ(newcomer_.Run(word), code);
    EXPECT_THAT(newcomer_.Reasons(), ElementsAre(AllOf(HasSubstr("9999_of_tomorrow"),
                                                       HasSubstr("run the newer program"))));
  }
  EXPECT_EQ(database_.Ask(kMigrations), before);
}

TEST_P(StartupSchema, IsRefusedWhenAnAppliedFileWasChanged) {
  ASSERT_EQ(newcomer_.Run("migrate"), 0) << newcomer_.Output();
  database_.Ask("UPDATE schema_migration SET checksum = 'x' WHERE (set_name, name) = ('" +
                GetParam() + "', (SELECT min(name) FROM schema_migration WHERE set_name = '" +
                GetParam() + "'))");
  // A migration that is missing would be applied, were it not for the changed one.
  database_.Ask("DELETE FROM schema_migration WHERE (set_name, name) = ('" + GetParam() +
                "', (SELECT max(name) FROM schema_migration WHERE set_name = '" + GetParam() +
                "' HAVING count(*) > 1))");
  const std::string before = database_.Ask(kMigrations);
  for (const auto& [word, code] : {std::pair("", kWrongSchema), std::pair("migrate", kFailed)}) {
    EXPECT_EQ(newcomer_.Run(word), code);
    EXPECT_THAT(newcomer_.Reasons(),
                ElementsAre(AllOf(HasSubstr("was changed after it had been applied"),
                                  HasSubstr("restore the file"))));
  }
  EXPECT_EQ(database_.Ask(kMigrations), before);
}

INSTANTIATE_TEST_SUITE_P(Service, StartupSchema, ::testing::ValuesIn(kServices),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace ieum::testing
