// One connection and the statements that are prepared on it. Not thread-safe; lives in a pool.
#pragma once

#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <unordered_set>

#include "platform/db/statement.h"

namespace ieum::db {

class Connection {
 public:
  // Throws pqxx::broken_connection when the server does not answer.
  Connection(const std::string& conninfo, const std::string& settings);

  pqxx::connection& raw() { return *raw_; }
  // Prepares on first use.
  void Prepare(const Statement& statement);

 private:
  std::unique_ptr<pqxx::connection> raw_;
  std::unordered_set<const Statement*> prepared_;
};

}  // namespace ieum::db
