#include "platform/db/database.h"

#include <condition_variable>
#include <mutex>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
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

enum class Mode { kWrite, kWriteRelaxed, kRead, kReadOne };

bool Reads(Mode mode) { return mode == Mode::kRead || mode == Mode::kReadOne; }

const char* BeginSettings(Mode mode) {
  switch (mode) {
    case Mode::kWriteRelaxed:
      return "SET LOCAL synchronous_commit = off";
    case Mode::kRead:  // said once for the connection
    case Mode::kReadOne:
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

// PostgreSQL quotes rows, values and SQL in the lines after the first; in class 22 in the first,
// too.
std::string_view WithoutData(std::string_view state, std::string_view message) {
  if (state.substr(0, 2) == "22") return "a value was refused";
  return message.substr(0, message.find('\n'));
}

// SQL text never leaves this file: the log gets the kind of error, the caller a neutral word.
absl::Status FromSqlError(std::string_view name, const pqxx::sql_error& error) {
  const std::string state = error.sqlstate();
  const bool transient = TransientState(state);
  telemetry::Warn("statement failed", {{"db_transaction", name},
                                       {"db_sqlstate", state},
                                       {"db_message", WithoutData(state, error.what())}});
  absl::Status status =
      transient ? base::Unavailable("the database is busy; try again", absl::Milliseconds(200))
                : absl::InternalError("the database refused a statement");
  status.SetPayload(kSqlStateUrl, absl::Cord(state));
  return status;
}

// A conversion or usage mistake of ours, not the database's.
absl::Status OwnFault(std::string_view name, std::string_view message) {
  telemetry::Error("database code failed", {{"db_transaction", name}, {"db_message", message}});
  return absl::InternalError("a fault of ours; it was logged");
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

// What a break means: in doubt only when a write's COMMIT may have been heard.
absl::Status Lost(Mode mode, bool committing) {
  return committing && !Reads(mode) ? CommitInDoubt() : ConnectionLost();
}

// Runs body and commit once. Every pqxx exception ends here.
absl::Status RunOnce(Connection& connection, Mode mode, std::string_view name,
                     absl::FunctionRef<absl::Status(Tx&)> body) {
  bool committing = false;
  try {
    connection.RenewPlans();
    if (mode == Mode::kReadOne) {
      pqxx::nontransaction work(connection.raw());
      Tx tx(connection, work, Tx::Kind::kOneStatement);
      return body(tx);
    }
    pqxx::work work(connection.raw());
    if (const char* settings = BeginSettings(mode)) work.exec(settings);
    Tx tx(connection, work);
    RETURN_IF_ERROR(body(tx));
    tx.Send();
    committing = true;
    work.commit();
    return absl::OkStatus();
  } catch (const pqxx::in_doubt_error&) {
    return Lost(mode, committing);
  } catch (const pqxx::broken_connection&) {
    return Lost(mode, committing);
  } catch (const pqxx::transaction_rollback&) {
    return RolledBack();
  } catch (const pqxx::sql_error& error) {
    // The server's last word to a connection that it ends (57P01, 25P03) is no statement's error.
    if (!connection.raw().is_open()) return Lost(mode, committing);
    return FromSqlError(name, error);
  } catch (const pqxx::failure& error) {
    telemetry::Warn("database call failed",
                    {{"db_transaction", name}, {"db_message", std::string_view(error.what())}});
    return Lost(mode, committing);
  } catch (const pqxx::conversion_error&) {
    return OwnFault(name, "a column was read as another type");  // what() quotes the value
  } catch (const std::exception& error) {
    return OwnFault(name, error.what());
  }
}

bool IsUri(std::string_view conninfo) {
  return conninfo.starts_with("postgresql://") || conninfo.starts_with("postgres://");
}

// As a further parameter of a connection URI, every byte that could mean something else escaped.
std::string UriWithPassword(const DatabaseOptions& options) {
  std::string escaped;
  for (const unsigned char c : options.password) {
    if (absl::ascii_isalnum(c)) {
      escaped.push_back(static_cast<char>(c));
    } else {
      absl::StrAppendFormat(&escaped, "%%%02X", c);
    }
  }
  const char* joint = absl::StrContains(options.conninfo, '?') ? "&" : "?";
  return absl::StrCat(options.conninfo, joint, "password=", escaped);
}

std::string WithPassword(const DatabaseOptions& options) {
  if (options.password.empty()) return options.conninfo;
  if (IsUri(options.conninfo)) return UriWithPassword(options);
  std::string escaped;
  for (char c : options.password) {
    if (c == '\'' || c == '\\') escaped.push_back('\\');
    escaped.push_back(c);
  }
  return absl::StrCat(options.conninfo, " password='", escaped, "'");
}

// Everything that the code relies on, so that no default of a server or a role changes its meaning.
std::string SessionSettings(const DatabaseOptions& options, const char* isolation) {
  return absl::StrFormat(
      "SET statement_timeout = %d; SET lock_timeout = %d; "
      "SET idle_in_transaction_session_timeout = %d; SET client_min_messages = warning; "
      "SET TIME ZONE 'UTC'; SET datestyle = 'ISO, YMD'; SET bytea_output = 'hex'; "
      "SET client_encoding = 'UTF8'; SET synchronous_commit = on; %s",
      absl::ToInt64Milliseconds(options.statement_timeout),
      absl::ToInt64Milliseconds(options.lock_timeout),
      absl::ToInt64Milliseconds(options.idle_in_transaction_timeout), isolation);
}

constexpr char kWrites[] =
    "SET default_transaction_isolation = 'read committed'; SET default_transaction_read_only = off";
// Connections of reads begin every transaction like this, which saves a statement in each.
constexpr char kReads[] =
    "SET default_transaction_isolation = 'repeatable read'; SET default_transaction_read_only = on";

// Names are words of our code; should there ever be one made of data, it ends here.
constexpr size_t kTimedNamesMax = 200;
constexpr char kOtherName[] = "_OTHER";

// How long transactions took, by their names. Thread-safe.
class TransactionTimes {
 public:
  TransactionTimes(telemetry::Metrics& metrics, const char* operation)
      : metrics_(metrics), operation_(operation) {}

  void Observe(std::string_view name, absl::Duration took) {
    Of(name).Observe(absl::ToDoubleSeconds(took));
  }

 private:
  prometheus::Histogram& Of(std::string_view name) {
    std::lock_guard lock(mutex_);
    auto found = by_name_.find(absl::string_view(name.data(), name.size()));
    if (found == by_name_.end()) {
      const std::string known(by_name_.size() < kTimedNamesMax ? name : kOtherName);
      found = by_name_.try_emplace(known, nullptr).first;
    }
    if (found->second == nullptr) {
      found->second = &metrics_.Seconds("db_client_operation_duration_seconds",
                                        "Duration of one database transaction",
                                        {{"db_system_name", "postgresql"},
                                         {"db_operation_name", operation_},
                                         {"db_query_summary", found->first}});
    }
    return *found->second;
  }

  telemetry::Metrics& metrics_;
  const char* const operation_;
  std::mutex mutex_;
  absl::flat_hash_map<std::string, prometheus::Histogram*> by_name_;
};

std::unique_ptr<PoolMetrics> MetricsOf(telemetry::Metrics* metrics, const char* pool) {
  return metrics == nullptr ? nullptr : std::make_unique<PoolMetrics>(*metrics, pool);
}

}  // namespace

struct Database::Impl {
  Impl(const DatabaseOptions& options, telemetry::Metrics* metrics)
      : writes(WithPassword(options), SessionSettings(options, kWrites), options.write_connections,
               options.acquire_timeout, MetricsOf(metrics, "write")),
        reads(WithPassword(options), SessionSettings(options, kReads), options.read_connections,
              options.acquire_timeout, MetricsOf(metrics, "read")) {
    if (metrics == nullptr) return;
    write_times.emplace(*metrics, "write");
    read_times.emplace(*metrics, "read");
  }

  absl::Status Run(Mode mode, std::string_view name, absl::FunctionRef<absl::Status(Tx&)> body,
                   int runs = kMaxRuns) {
    const absl::Time start = absl::Now();
    absl::Status status;
    for (int run = 0; run < runs; ++run) {
      status = RunOnPooled(mode, name, body);
      if (!WorthAnotherRun(status)) break;
    }
    auto& times = Reads(mode) ? read_times : write_times;
    if (times) times->Observe(name, absl::Now() - start);
    return status;
  }

  absl::Status RunOnPooled(Mode mode, std::string_view name,
                           absl::FunctionRef<absl::Status(Tx&)> body) {
    Pool& pool = Reads(mode) ? reads : writes;
    ASSIGN_OR_RETURN(Pool::Lease lease, pool.Acquire());
    absl::Status status = RunOnce(lease.connection(), mode, name, body);
    // One broken connection means that its idle neighbours are most likely broken too. It may have
    // broken under a refusal as well, when nobody asked it anything any more but to roll back.
    if (!lease.connection().usable()) pool.DropAll(std::move(lease));
    return status;
  }

  Pool writes, reads;
  std::optional<TransactionTimes> write_times, read_times;
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

absl::Status Database::WriteOnce(std::string_view name, absl::FunctionRef<absl::Status(Tx&)> body) {
  return impl_->Run(Mode::kWrite, name, body, 1);
}

absl::Status Database::Read(std::string_view name, absl::FunctionRef<absl::Status(Tx&)> body) {
  return impl_->Run(Mode::kRead, name, body);
}

absl::Status Database::ReadOne(std::string_view name, absl::FunctionRef<absl::Status(Tx&)> body) {
  return impl_->Run(Mode::kReadOne, name, body);
}

const Statement kPing("platform_ping", "SELECT 1");

absl::Status Database::Ping() {
  return ReadOne("ping", [](Tx& tx) {
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
