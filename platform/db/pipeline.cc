#include "platform/db/pipeline.h"

#include <libpq-fe.h>

#include <cstdlib>

#include "platform/db/connection.h"

namespace ieum::db {
namespace {

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

[[noreturn]] void ThrowBroken(PGconn* connection) {
  throw pqxx::broken_connection(PQerrorMessage(connection));
}

[[noreturn]] void ThrowSqlError(const PGresult* result) {
  const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string state = field == nullptr ? "" : field;
  const std::string message = PQresultErrorMessage(result);
  if (state == "40P01") throw pqxx::deadlock_detected(message);
  if (state.starts_with("40")) throw pqxx::serialization_failure(message);
  throw pqxx::sql_error(message, "", state.c_str());
}

// In pipeline mode for as long as it lives; a connection that cannot leave it is broken.
class Pipeline {
 public:
  explicit Pipeline(PGconn* connection) : connection_(connection) {
    if (PQenterPipelineMode(connection_) != 1) ThrowBroken(connection_);
  }
  ~Pipeline() { PQexitPipelineMode(connection_); }

  void Send(const NotedStatement& noted) {
    std::vector<const char*> values;
    for (const Param& param : noted.params) {
      values.push_back(param.text() ? param.text()->c_str() : nullptr);
    }
    if (PQsendQueryPrepared(connection_, noted.statement->name(), static_cast<int>(values.size()),
                            values.data(), nullptr, nullptr, 0) != 1) {
      ThrowBroken(connection_);
    }
  }
  void Sync() {
    if (PQpipelineSync(connection_) != 1) ThrowBroken(connection_);
  }
  Result Next() { return Result(PQgetResult(connection_)); }
  // Reads up to the answer to Sync.
  void Drain(size_t at_most) {
    for (size_t i = 0; i <= 2 * at_most && PQstatus(connection_) == CONNECTION_OK; ++i) {
      const Result result = Next();
      if (result != nullptr && PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) return;
    }
    ThrowBroken(connection_);
  }

 private:
  PGconn* connection_;
};

}  // namespace

std::vector<int64_t> ExecPipelined(Connection& connection,
                                   const std::vector<NotedStatement>& statements, size_t* failed) {
  *failed = statements.size();
  for (const NotedStatement& noted : statements) connection.Prepare(*noted.statement);
  PGconn* const raw = connection.handle();
  Pipeline pipeline(raw);
  for (const NotedStatement& noted : statements) pipeline.Send(noted);
  pipeline.Sync();
  std::vector<int64_t> changed;
  for (size_t i = 0; i < statements.size(); ++i) {
    const Result result = pipeline.Next();
    if (result == nullptr || PQstatus(raw) != CONNECTION_OK) ThrowBroken(raw);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      pipeline.Drain(statements.size() + 1);
      *failed = i;
      ThrowSqlError(result.get());
    }
    changed.push_back(std::atoll(PQcmdTuples(result.get())));
    pipeline.Next();  // nothing: the end of this statement's answer
  }
  pipeline.Drain(1);
  return changed;
}

}  // namespace ieum::db
