// Goal: every statement fits the schema. Method: each one that the process registers is prepared
// against a migrated database.
#include <gtest/gtest.h>

#include <pqxx/pqxx>

#include "platform/db/statement.h"
#include "tests/support/postgres.h"

namespace ieum {
db::MigrationSet casemgmt_migrations();
}

namespace ieum::casemgmt {
namespace {

TEST(Statements, FitTheSchema) {
  ieum::testing::TestDatabase database(casemgmt_migrations());
  pqxx::connection connection(database.conninfo());
  int prepared = 0;
  for (const db::Statement* statement : db::Statement::All()) {
    try {
      connection.prepare(statement->name(), statement->sql());
      connection.prepare_now(statement->name());
      ++prepared;
    } catch (const std::exception& failure) {
      ADD_FAILURE() << statement->name() << ": " << failure.what();
    }
  }
  EXPECT_GT(prepared, 30);
}

}  // namespace
}  // namespace ieum::casemgmt
