// Goal: what is handed to another program on its command line holds no secret, and still leads to
// the same database. Method: connection strings in both forms.
#include "platform/db/conninfo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/db/database.h"
#include "tests/support/postgres.h"

namespace ieum::db {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Conninfo, IsTakenApartInBothForms) {
  for (const char* given :
       {"password=sesame host=db dbname=d", "postgresql://ieum:sesame@db:5432/d?sslmode=require",
        "postgres://db/d?password=sesame"}) {
    const auto apart = TakeApart(given);
    ASSERT_TRUE(apart.ok()) << apart.status();
    EXPECT_EQ(apart->password, "sesame");
    EXPECT_THAT(apart->words, HasSubstr("host='db'"));
    EXPECT_THAT(apart->words, Not(HasSubstr("sesame")));
  }
  EXPECT_EQ(TakeApart("password='a\\'b\\\\ c' host=/run/it\\'s")->password, "a'b\\ c");
  EXPECT_EQ(TakeApart("host='/run/it\\'s' user='a\\\\b'")->words,
            "user='a\\\\b' host='/run/it\\'s'");
}

TEST(Conninfo, LeadsToTheSameDatabase) {
  ieum::testing::TestDatabase test(ieum::testing::SharedCluster(), {}, /*migrate=*/false);
  test.Ask("CREATE TABLE here (n int)");
  const auto apart = TakeApart(test.conninfo() + " application_name='it\\'s a\\\\b'");
  ASSERT_TRUE(apart.ok()) << apart.status();
  Database database({.conninfo = apart->words});
  const absl::Status found = database.Read("here", [](Tx& tx) {
    EXPECT_EQ(AsText(tx.RunDynamic("SELECT current_setting('application_name')", {})[0][0]),
              "it's a\\b");
    tx.RunDynamic("SELECT * FROM here", {});
    return absl::OkStatus();
  });
  EXPECT_TRUE(found.ok()) << found;
}

TEST(Conninfo, IsRefusedWithoutBeingQuoted) {
  for (const char* given : {"host=db password", "host=db =sesame", "postgresql://[sesame",
                            "host=db sslkey=k sslpassword=sesame"}) {
    const auto refused = TakeApart(given);
    EXPECT_TRUE(absl::IsInvalidArgument(refused.status())) << given;
    EXPECT_THAT(std::string(refused.status().message()), Not(HasSubstr("sesame")));
  }
}

}  // namespace
}  // namespace ieum::db
