// PostgreSQL: one pool of connections for writes and one for reads, so that a read never waits
// behind a write. Connections are made when first needed, thrown away when broken, and the process
// starts and recovers without the server being there.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/db/tx.h"

namespace ieum::telemetry {
class Metrics;
}

namespace ieum::db {

struct DatabaseOptions {
  std::string conninfo;  // libpq connection string
  std::string password;  // from a file; empty = none
  int write_connections = 8;
  int read_connections = 8;
  absl::Duration acquire_timeout = absl::Seconds(5);  // waiting for a free connection
  absl::Duration statement_timeout = absl::Seconds(30);
  absl::Duration lock_timeout = absl::Seconds(5);
  absl::Duration idle_in_transaction_timeout = absl::Seconds(5);
};

// Thread-safe.
class Database {
 public:
  explicit Database(DatabaseOptions options, telemetry::Metrics* metrics = nullptr);
  ~Database();

  // Runs `body` in one READ COMMITTED transaction and commits when it returns OK; rolls back
  // otherwise. Serialisation failures and deadlocks run it again (at most 5 times), so `body`
  // changes nothing outside. A connection that breaks before COMMIT is UNAVAILABLE; one that breaks
  // during COMMIT is UNAVAILABLE too and InDoubt() of it is true: it may have happened.
  absl::Status Write(std::string_view name, absl::FunctionRef<absl::Status(Tx&)> body);
  // The same without further runs: a serialisation failure or a deadlock is UNAVAILABLE at once.
  absl::Status WriteOnce(std::string_view name, absl::FunctionRef<absl::Status(Tx&)> body);
  // The same with `synchronous_commit = off`: only for effects that can be made again.
  absl::Status WriteRelaxed(std::string_view name, absl::FunctionRef<absl::Status(Tx&)> body);
  // Read-only, one snapshot for all statements of `body` (REPEATABLE READ).
  absl::Status Read(std::string_view name, absl::FunctionRef<absl::Status(Tx&)> body);
  // Read-only, and `body` sends exactly one statement: one trip to the server instead of three. A
  // second statement is a fault of ours: an assertion, and INTERNAL where there are none.
  absl::Status ReadOne(std::string_view name, absl::FunctionRef<absl::Status(Tx&)> body);

  // OK when the server answers.
  absl::Status Ping();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// True when the transaction may or may not have been committed.
bool InDoubt(const absl::Status& status);
// True for states that pass by themselves: connection, resources, locks, shutdown, network.
bool IsTransient(const absl::Status& status);

}  // namespace ieum::db
