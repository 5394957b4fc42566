// One connection and the statements that are prepared on it. Not thread-safe; lives in a pool.
#pragma once

#include <chrono>
#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <unordered_set>

#include "platform/db/statement.h"

struct pg_conn;  // libpq's own

namespace ieum::db {

class Connection {
 public:
  // Throws pqxx::broken_connection when the server does not answer.
  Connection(const std::string& conninfo, const std::string& settings);
  ~Connection();

  pqxx::connection_base& raw();
  // False when it must be thrown away: closed, or left in the middle of a pipeline.
  bool usable();
  // For what pqxx cannot do: sending several statements before the first is answered.
  pg_conn* handle();
  // Prepares on first use.
  void Prepare(const Statement& statement);
  // A plan is made once and kept. One that was made while a table was all but empty walks through
  // the whole table for ever; so plans are made anew after 1, 2, 4 … seconds, in the end every five
  // minutes. Between transactions. Throws as pqxx does.
  void RenewPlans();

 private:
  class Session;
  std::unique_ptr<Session> session_;
  std::unordered_set<const Statement*> prepared_;
  std::chrono::steady_clock::time_point renewed_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::duration lasting_;  // of the plans that are there
};

}  // namespace ieum::db
