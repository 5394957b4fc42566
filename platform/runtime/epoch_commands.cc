#include "platform/runtime/epoch_commands.h"

#include <cstdio>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "fmt/format.h"
#include "platform/base/status.h"
#include "platform/broker/connection.h"
#include "platform/flow/epoch_store.h"
#include "platform/flow/new_epoch.h"
#include "platform/telemetry/log.h"

namespace ieum::runtime {
namespace {

absl::StatusOr<std::optional<absl::Time>> RestoredAt(const std::string& text) {
  if (text.empty()) return std::optional<absl::Time>();
  absl::Time at;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &at, &error) || at > absl::Now()) {
    return absl::InvalidArgumentError(
        "--restored-at must be an instant of the past like 2026-11-22T03:00:00+09:00");
  }
  return std::optional(at);
}

void Print(const flow::NewEpoch& made) {
  std::printf(
      "epoch %lld; %zu published events vanished%s\n", static_cast<long long>(made.epoch),
      made.vanished.size(),
      made.stream_was_read ? " (table log_vanished)" : " that are known: no stream to read");
  for (int shard = 0; shard < flow::kShards; ++shard) {
    std::printf("shard %2d: kept up to %lld\n", shard, static_cast<long long>(made.kept[shard]));
  }
}

absl::Status RunNewEpoch(db::Database& database, const std::string& service,
                         broker::ConnectionOptions broker, const EpochWords& words) {
  flow::NewEpochRequest request{service, words.reason, std::nullopt};
  ASSIGN_OR_RETURN(request.restored_at, RestoredAt(words.restored_at));
  broker.name = service + "-new-epoch";
  ASSIGN_OR_RETURN(const auto connection, broker::Connection::Open(std::move(broker)));
  ASSIGN_OR_RETURN(const flow::NewEpoch made,
                   flow::DeclareNewEpoch(database, *connection, request));
  telemetry::Warn(
      "new epoch of the ledger",
      {{"epoch", made.epoch}, {"vanished", made.vanished.size()}, {"reason", words.reason}});
  Print(made);
  return absl::OkStatus();
}

absl::Status RunAcceptEpoch(db::Database& database, const EpochWords& words) {
  ASSIGN_OR_RETURN(const int64_t accepted,
                   flow::AcceptEpochs(database, words.producer, words.reason));
  if (accepted == 0) {
    return absl::NotFoundError(
        fmt::format("no new epoch of {} waits to be accepted", words.producer));
  }
  telemetry::Warn("new epoch accepted", {{"producer", words.producer}, {"reason", words.reason}});
  return absl::OkStatus();
}

}  // namespace

absl::Status RunEpochWords(db::Database& database, const std::string& service,
                           const broker::ConnectionOptions& broker, const CommandLine& command) {
  if (command.accept_epoch) return RunAcceptEpoch(database, command.epoch);
  return RunNewEpoch(database, service, broker, command.epoch);
}

}  // namespace ieum::runtime
