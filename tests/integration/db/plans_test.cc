// Goal: a plan that was made while a table was small does not outlive its reason. Method: EXPLAIN
// of a prepared statement, on a table that grows and that nobody analyses.
#include <gtest/gtest.h>

#include <string>

#include "platform/db/connection.h"
#include "tests/support/postgres.h"
#include "tests/support/wait.h"

namespace ieum::db {
namespace {

using testing::TestDatabase;
using testing::WaitFor;

const Statement kSome("test_plans_some", "SELECT word FROM grown WHERE id = ANY($1::int[])");

TEST(Plans, AreMadeAnewWhenTheirTableHasGrown) {
  TestDatabase test;
  test.Ask("CREATE TABLE grown (id int PRIMARY KEY, word text) WITH (autovacuum_enabled = false)");
  test.Ask("INSERT INTO grown SELECT -n, 'word' FROM generate_series(1, 5) AS n");
  test.Ask("VACUUM grown");  // a table that is known to be small
  Connection connection(test.conninfo(), "SET plan_cache_mode = force_generic_plan");
  connection.Prepare(kSome);
  const auto walks = [&] {
    std::string plan;
    for (const auto& line : pqxx::nontransaction(connection.raw())
                                .exec("EXPLAIN EXECUTE test_plans_some('{7, 8, 9}')")) {
      plan += line[0].c_str();
    }
    return plan.find("Seq Scan") != std::string::npos;
  };
  ASSERT_TRUE(walks()) << "the planner's first choice is another one now: this shows nothing";
  test.Ask("INSERT INTO grown SELECT n, 'word' FROM generate_series(1, 50000) AS n RETURNING 1");
  EXPECT_TRUE(walks()) << "plans would be made anew without us";
  EXPECT_TRUE(WaitFor([&] {
    connection.RenewPlans();
    return !walks();
  }));
}

}  // namespace
}  // namespace ieum::db
