#include "platform/db/database.h"

#include <condition_variable>
#include <mutex>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "platform/base/status.h"
#include "platform/db/connection.h"
#include "platform/db/pool.h"
#include "platform/telemetry/log.h"
#include "platform/telemetry/metrics.h"

namespace ieum::db {
namespace {

constexpr int kMaxRuns = 5;  // of a body that met a serialisation failure or a deadlock
constexpr char kInDoubtUrl[] = "ieum/in-doubt";
constexpr char kSqlStateUrl[] = "ieum/sqlstate";

enum class Mode { kWrite, kWriteRelaxed, kRead };

const char* BeginSettings(Mode mode) {
  switch (mode) {
    case Mode::kWriteRelaxed:
      return "SET LOCAL synchronous_commit = off";
    case Mode::kRead:
      return "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
    case Mode::kWrite:
      return nullptr;
  }
  return nullptr;
}

absl::Status ConnectionLost() {
  return base::Unavailable("the database does not answer; try again with the same request_id",
                           absl::Seconds(1));
}

absl::Status CommitInDoubt() {
  absl::Status status = base::Unavailable(
      "the outcome is not known; send the same request again with the same request_id",
      absl::Milliseconds(100));
  status.SetPayload(kInDoubtUrl, absl::Cord("1"));
  return status;
}

bool TransientState(std::string_view state) {
  const std::string_view group = state.substr(0, 2);
  return group == "08" || group == "40" || group == "53" || state == "55P03" || group == "57";
}

// SQL text never leaves this file: the log gets the statement's place, the caller a neutral word.
absl::Status FromSqlError(std::string_view name, const pqxx::sql_error& error) {
  const std::string state = error.sqlstate();
  const bool transient = TransientState(state);
  telemetry::Warn("statement failed", {{"db_transaction", name},
                                       {"db_sqlstate", state},
                                       {"db_message", std::string_view(error.what())}});
  absl::Status status =
      transient ? base::Unavailable("the database is busy; try again", absl::Milliseconds(200))
                : absl::InternalError("the database refused a statement");
  status.SetPayload(kSqlStateUrl, absl::Cord(state));
  return status;
}

// A serialisation failure or a deadlock: nothing happened, and another run most likely succeeds.
absl::Status RolledBack() {
  absl::Status status =
      base::Unavailable("the database is busy; try again", absl::Milliseconds(50));
  status.SetPayload(kSqlStateUrl, absl::Cord("40001"));
  return status;
}

bool WorthAnotherRun(const absl::Status& status) {
  auto state = status.GetPayload(kSqlStateUrl);
  return state && (*state == "40001" || *state == "40P01");
}

// Runs body and commit once. Every pqxx exception ends here. `broken`: the connection is useless.
absl::Status RunOnce(Connection& connection, Mode mode, std::string_view name,
                     absl::FunctionRef<absl::Status(Tx&)> body, bool* broken) {
  bool committing = false;
  try {
    pqxx::work work(connection.raw());
    if (const char* settings = BeginSettings(mode)) work.exec(settings);
    Tx tx(connection, work);
    RETURN_IF_ERROR(body(tx));
    committing = true;
    work.commit();
    return absl::OkStatus();
  } catch (const pqxx::in_doubt_error&) {
    *broken = true;
    return CommitInDoubt();
  } catch (const pqxx::broken_connection&) {
    *broken = true;
    return committing && mode != Mode::kRead ? CommitInDoubt() : ConnectionLost();
  } catch (const pqxx::transaction_rollback&) {
    return RolledBack();
  } catch (const pqxx::sql_error& error) {
    // 57P01 and its kin (administrator shutdown) leave a dead connection behind.
    const std::string state = error.sqlstate();
    *broken = state.empty() || state.substr(0, 2) == "57" || state.substr(0, 2) == "08";
    if (*broken) return committing && mode != Mode::kRead ? CommitInDoubt() : ConnectionLost();
    return FromSqlError(name, error);
  } catch (const pqxx::failure& error) {
    *broken = true;
    telemetry::Warn("database call failed",
                    {{"db_transaction", name}, {"db_message", std::string_view(error.what())}});
    return committing && mode != Mode::kRead ? CommitInDoubt() : ConnectionLost();
  } catch (const std::exception& error) {
    // A conversion or usage mistake of ours, not the database's.
    telemetry::Error("database code failed",
                     {{"db_transaction", name}, {"db_message", std::string_view(error.what())}});
    return absl::InternalError("a fault of ours; it was logged");
  }
}

std::string WithPassword(const DatabaseOptions& options) {
  if (options.password.empty()) return options.conninfo;
  std::string escaped;
  for (char c : options.password) {
    if (c == '\'' || c == '\\') escaped.push_back('\\');
    escaped.push_back(c);
  }
  return absl::StrCat(options.conninfo, " password='", escaped, "'");
}

std::string SessionSettings(const DatabaseOptions& options) {
  return absl::StrFormat(
      "SET TIME ZONE 'UTC'; SET statement_timeout = %d; SET lock_timeout = %d; "
      "SET idle_in_transaction_session_timeout = %d; SET client_min_messages = warning",
      absl::ToInt64Milliseconds(options.statement_timeout),
      absl::ToInt64Milliseconds(options.lock_timeout),
      absl::ToInt64Milliseconds(options.idle_in_transaction_timeout));
}

}  // namespace

struct Database::Impl {
  Impl(const DatabaseOptions& options, telemetry::Metrics* metrics)
      : writes(WithPassword(options), SessionSettings(options), options.write_connections,
               options.acquire_timeout),
        reads(WithPassword(options), SessionSettings(options), options.read_connections,
              options.acquire_timeout) {
    if (metrics == nullptr) return;
    const char* help = "Duration of one database transaction";
    write_seconds =
        &metrics->Seconds("db_client_operation_duration_seconds", help,
                          {{"db_system_name", "postgresql"}, {"db_operation_name", "write"}});
    read_seconds =
        &metrics->Seconds("db_client_operation_duration_seconds", help,
                          {{"db_system_name", "postgresql"}, {"db_operation_name", "read"}});
  }

  absl::Status Run(Mode mode, std::string_view name, absl::FunctionRef<absl::Status(Tx&)> body) {
    const absl::Time start = absl::Now();
    absl::Status status;
    for (int run = 0; run < kMaxRuns; ++run) {
      status = RunOnPooled(mode, name, body);
      if (!WorthAnotherRun(status)) break;
    }
    auto* seconds = mode == Mode::kRead ? read_seconds : write_seconds;
    if (seconds != nullptr) seconds->Observe(absl::ToDoubleSeconds(absl::Now() - start));
    return status;
  }

  absl::Status RunOnPooled(Mode mode, std::string_view name,
                           absl::FunctionRef<absl::Status(Tx&)> body) {
    Pool& pool = mode == Mode::kRead ? reads : writes;
    ASSIGN_OR_RETURN(Pool::Lease lease, pool.Acquire());
    bool broken = false;
    absl::Status status = RunOnce(lease.connection(), mode, name, body, &broken);
    // One broken connection means that its idle neighbours are most likely broken too.
    if (broken) pool.DropAll(std::move(lease));
    return status;
  }

  Pool writes, reads;
  prometheus::Histogram* write_seconds = nullptr;
  prometheus::Histogram* read_seconds = nullptr;
};

Database::Database(DatabaseOptions options, telemetry::Metrics* metrics)
    : impl_(std::make_unique<Impl>(options, metrics)) {}

Database::~Database() = default;

absl::Status Database::Write(std::string_view name, absl::FunctionRef<absl::Status(Tx&)> body) {
  return impl_->Run(Mode::kWrite, name, body);
}

absl::Status Database::WriteRelaxed(std::string_view name,
                                    absl::FunctionRef<absl::Status(Tx&)> body) {
  return impl_->Run(Mode::kWriteRelaxed, name, body);
}

absl::Status Database::Read(std::string_view name, absl::FunctionRef<absl::Status(Tx&)> body) {
  return impl_->Run(Mode::kRead, name, body);
}

absl::Status Database::Ping() {
  static const Statement kPing("platform_ping", "SELECT 1");
  return Read("ping", [](Tx& tx) {
    tx.Exec(kPing);
    return absl::OkStatus();
  });
}

bool InDoubt(const absl::Status& status) { return status.GetPayload(kInDoubtUrl).has_value(); }

bool IsTransient(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status);
}

}  // namespace ieum::db
