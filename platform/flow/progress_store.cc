#include "platform/flow/progress_store.h"

#include <map>

#include "platform/base/status.h"

namespace ieum::flow {
namespace {

const db::Statement kLedger("progress_ledger", R"(
  SELECT o.newest, coalesce(b.pos, 0), (SELECT epoch FROM log_identity),
         (SELECT count(*) FROM dead_letter)
  FROM outbox_positions() o LEFT JOIN relay_belief b ON b.shard = o.of_shard ORDER BY o.of_shard)");

const db::Statement kCursors("progress_cursors", R"(
  SELECT producer, epoch, pos FROM inbox_cursor ORDER BY producer, shard)");

const db::Statement kParked("progress_parked",
                            "SELECT producer, count(*) FROM parked GROUP BY producer");

ShardPositions FillLedger(db::Tx& tx, platform::v1::Progress* progress) {
  ShardPositions believed{};
  progress->clear_ledger_positions();
  for (const auto& row : tx.Exec(kLedger)) {
    believed[static_cast<size_t>(progress->ledger_positions_size())] = row[1].as<int64_t>();
    progress->add_ledger_positions(row[0].as<int64_t>());
    progress->set_epoch(row[2].as<int64_t>());
    progress->set_dead_letters(row[3].as<int64_t>());
  }
  return believed;
}

void FillConsumers(db::Tx& tx, platform::v1::Progress* progress) {
  progress->clear_consumers();
  std::map<std::string, int64_t> parked;
  for (const auto& row : tx.Exec(kParked)) parked[db::AsText(row[0])] = row[1].as<int64_t>();
  platform::v1::ConsumerProgress* consumer = nullptr;
  for (const auto& row : tx.Exec(kCursors)) {
    const std::string producer = db::AsText(row[0]);
    if (consumer == nullptr || consumer->producer() != producer) {
      consumer = progress->add_consumers();
      consumer->set_producer(producer);
      consumer->set_parked_aggregates(parked[producer]);
    }
    consumer->set_epoch(std::max(consumer->epoch(), row[1].as<int64_t>()));
    consumer->add_positions(row[2].as<int64_t>());
  }
}

}  // namespace

absl::StatusOr<ShardPositions> ReadProgress(db::Database& database,
                                            platform::v1::Progress* progress) {
  ShardPositions believed{};
  RETURN_IF_ERROR(database.Read("progress", [&](db::Tx& tx) {
    believed = FillLedger(tx, progress);
    FillConsumers(tx, progress);
    return absl::OkStatus();
  }));
  return believed;
}

namespace {

const db::Statement kRecordedAt("event_recorded_at", R"(
  SELECT recorded_at FROM event_log WHERE shard = $1::smallint AND pos = $2::bigint)");

}  // namespace

absl::StatusOr<std::optional<absl::Time>> RecordedAt(db::Database& database, int shard,
                                                     int64_t pos) {
  std::optional<absl::Time> recorded;
  RETURN_IF_ERROR(database.ReadOne("event_recorded_at", [&](db::Tx& tx) {
    const auto row = tx.ExecOptional(kRecordedAt, shard, pos);
    recorded.reset();
    if (row) recorded = db::AsTime((*row)[0]);
    return absl::OkStatus();
  }));
  return recorded;
}

}  // namespace ieum::flow
