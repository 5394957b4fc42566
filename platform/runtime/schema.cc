#include "platform/runtime/schema.h"

#include <functional>

#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "platform/runtime/signals.h"
#include "platform/telemetry/log.h"

namespace ieum::runtime {
namespace {

constexpr absl::Duration kRetry = absl::Seconds(1);  // between looks for an absent database

absl::Status Patiently(absl::Duration patience, const std::function<absl::Status()>& ask) {
  const absl::Time until = absl::Now() + patience;
  while (true) {
    const absl::Status status = ask();
    if (status.ok() || !db::IsTransient(status) || absl::Now() >= until) return status;
    telemetry::Warn("waiting for PostgreSQL", {{"reason", std::string(status.message())}});
    if (WaitForStop(kRetry)) return absl::CancelledError("told to stop");
  }
}

}  // namespace

absl::Status CheckSchemas(db::Database& database, const SchemaSets& sets) {
  for (const auto& [name, set] : sets) RETURN_IF_ERROR(db::CheckSchema(database, name, set));
  return absl::OkStatus();
}

absl::Status WaitForSchemas(db::Database& database, const SchemaSets& sets,
                            absl::Duration patience) {
  return Patiently(patience, [&] { return CheckSchemas(database, sets); });
}

absl::StatusOr<int> MigrateSchemas(db::Database& database, const SchemaSets& sets,
                                   absl::Duration patience) {
  RETURN_IF_ERROR(Patiently(patience, [&] { return database.Ping(); }));
  int applied = 0;
  for (const auto& [name, set] : sets) {
    ASSIGN_OR_RETURN(const int count, db::Migrate(database, name, set));
    applied += count;
  }
  return applied;
}

}  // namespace ieum::runtime
