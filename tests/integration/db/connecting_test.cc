// Goal: what a server says while a connection is made reaches our log and nothing else. Method: a
// database that warns at every connection, because it remembers a collation version that its
// locale does not have.
#include <gtest/gtest.h>

#include "platform/db/database.h"
#include "tests/support/postgres.h"

namespace ieum::db {
namespace {

using testing::PostgresCluster;
using testing::TestDatabase;

const Statement kWarn("test_connecting_warn",
                      "UPDATE pg_database SET datcollversion = '1' WHERE datname = "
                      "current_database()");

TEST(Connecting, WritesNothingToStandardError) {
  PostgresCluster cluster;
  TestDatabase test(cluster.conninfo(), {});
  ASSERT_TRUE(test.database()
                  .Write("warn",
                         [](Tx& tx) {
                           tx.Exec(kWarn);
                           return absl::OkStatus();
                         })
                  .ok());
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  const absl::Status pinged = Database({.conninfo = test.conninfo()}).Ping();
  const std::string errors = ::testing::internal::GetCapturedStderr();
  const std::string log = ::testing::internal::GetCapturedStdout();
  EXPECT_TRUE(pinged.ok()) << pinged;
  EXPECT_EQ(errors, "");
  EXPECT_NE(log.find("the database says"), std::string::npos) << "the server did not warn: " << log;
}

TEST(Connecting, SaysWhyThereIsNoConnection) {
  PostgresCluster cluster;
  Database database({.conninfo = cluster.conninfo() + " dbname=absent"});
  EXPECT_TRUE(absl::IsUnavailable(database.Ping()));
}

}  // namespace
}  // namespace ieum::db
