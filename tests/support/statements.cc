#include "tests/support/statements.h"

namespace ieum::testing {

std::vector<std::string> UnpreparableStatements(const TestDatabase& database) {
  std::vector<std::string> faults;
  for (const db::Statement* statement : db::Statement::All()) {
    // A failed one leaves its connection usable, but a fresh one keeps the faults apart.
    pqxx::connection connection(database.conninfo());
    try {
      connection.prepare(statement->name(), statement->sql());
      connection.prepare_now(statement->name());
    } catch (const std::exception& error) {
      faults.push_back(std::string(statement->name()) + ": " + error.what());
    }
  }
  return faults;
}

}  // namespace ieum::testing
