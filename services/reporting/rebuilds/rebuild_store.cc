#include "services/reporting/rebuilds/rebuild_store.h"

#include <map>

namespace ieum::reporting {
namespace {

// The order of columns that RebuildOf reads.
constexpr char kColumns[] =
    "r.id, r.mode, r.state, r.applied_events, r.tables, r.equal, r.swapped, r.failure_reason, "
    "r.created_at, r.ended_at";

const db::Statement kFind("rebuild_find", R"(
  SELECT r.id, r.mode, r.state, r.applied_events, r.tables, r.equal, r.swapped, r.failure_reason,
         r.created_at, r.ended_at
  FROM rebuild r WHERE r.id = $1)");

const db::Statement kFindRunning("rebuild_find_running", R"(
  SELECT r.id, r.mode, r.state, r.applied_events, r.tables, r.equal, r.swapped, r.failure_reason,
         r.created_at, r.ended_at
  FROM rebuild r WHERE r.state = 1)");

const db::Statement kLockRunning("rebuild_lock_running", R"(
  SELECT r.id, r.mode, r.state, r.applied_events, r.tables, r.equal, r.swapped, r.failure_reason,
         r.created_at, r.ended_at
  FROM rebuild r WHERE r.state = 1 FOR UPDATE)");

const db::Statement kInsert("rebuild_insert", R"(
  INSERT INTO rebuild (id, mode, state, created_at) VALUES ($1, $2::int, 1, $3::timestamptz)
  ON CONFLICT DO NOTHING)");

const db::Statement kAddEvents("rebuild_add_events", R"(
  UPDATE rebuild SET applied_events = applied_events + $2::bigint WHERE id = $1 AND state = 1)");

const db::Statement kFinish("rebuild_finish", R"(
  UPDATE rebuild SET state = $2::int, tables = $3::bytea, equal = $4::boolean,
                     swapped = $5::boolean, failure_reason = $6, ended_at = $7::timestamptz
  WHERE id = $1)");

const db::Statement kPositions("rebuild_positions", R"(
  SELECT producer, shard, pos FROM rebuild_cursor ORDER BY producer, shard)");

const db::Statement kBegin("rebuild_positions_begin", R"(
  INSERT INTO rebuild_cursor (producer, shard, pos)
  SELECT producer, shard, 0 FROM unnest($1::text[]) AS producer, generate_series(0, 15) AS shard
  ON CONFLICT DO NOTHING)");

const db::Statement kForget("rebuild_positions_forget", "DELETE FROM rebuild_cursor");

const db::Statement kMove("rebuild_position_move", R"(
  UPDATE rebuild_cursor SET pos = $4::bigint
  WHERE producer = $1 AND shard = $2::smallint AND pos = $3::bigint
    AND NOT EXISTS (SELECT 1 FROM inbox_cursor i WHERE i.producer = $1 AND i.epoch > $5::bigint))");

}  // namespace

v1::Rebuild RebuildOf(const db::Row& row) {
  v1::Rebuild rebuild;
  rebuild.ParseFromString(db::AsBytes(row[4]));  // carries `tables` only
  rebuild.set_name("rebuilds/" + db::AsText(row[0]));
  rebuild.set_mode(static_cast<v1::RebuildMode>(row[1].as<int>()));
  rebuild.set_state(static_cast<v1::RebuildState>(row[2].as<int>()));
  rebuild.set_applied_events(row[3].as<int64_t>());
  rebuild.set_equal(row[5].as<bool>());
  rebuild.set_swapped(row[6].as<bool>());
  rebuild.set_failure_reason(db::AsText(row[7]));
  rebuild.mutable_create_time()->set_seconds(absl::ToUnixSeconds(db::AsTime(row[8])));
  if (auto ended = db::AsOptionalTime(row[9])) {
    rebuild.mutable_end_time()->set_seconds(absl::ToUnixSeconds(*ended));
  }
  return rebuild;
}

std::optional<v1::Rebuild> FindRebuild(db::Tx& tx, const base::Uuid& id) {
  auto row = tx.ExecOptional(kFind, id);
  if (!row) return std::nullopt;
  return RebuildOf(*row);
}

std::optional<v1::Rebuild> FindRunningRebuild(db::Tx& tx) {
  auto row = tx.ExecOptional(kFindRunning);
  if (!row) return std::nullopt;
  return RebuildOf(*row);
}

std::optional<v1::Rebuild> LockRunningRebuild(db::Tx& tx) {
  auto row = tx.ExecOptional(kLockRunning);
  if (!row) return std::nullopt;
  return RebuildOf(*row);
}

bool InsertRebuild(db::Tx& tx, const base::Uuid& id, v1::RebuildMode mode, absl::Time at) {
  return tx.ExecCount(kInsert, id, static_cast<int>(mode), at) == 1;
}

bool AddAppliedEvents(db::Tx& tx, const base::Uuid& id, int64_t events) {
  return tx.ExecCount(kAddEvents, id, events) == 1;
}

void FinishRebuild(db::Tx& tx, const base::Uuid& id, const v1::Rebuild& result, absl::Time at) {
  v1::Rebuild tables;
  *tables.mutable_tables() = result.tables();
  tx.Exec(kFinish, id, static_cast<int>(result.state()), db::Bytes(tables.SerializeAsString()),
          result.equal(), result.swapped(), result.failure_reason(), at);
}

const filter::ListSpec& RebuildList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = "rebuild r",
      .fields = {{"name", filter::Resource("r.id", "rebuilds/{}").NotNull()},
                 {"mode", filter::Enum<v1::RebuildMode>("r.mode").NotNull()},
                 {"state", filter::Enum<v1::RebuildState>("r.state").NotNull()},
                 {"create_time", filter::Timestamp("r.created_at").NotNull()}},
      .key = "name",
      .default_order = "create_time desc"};
  return *spec;
}

std::vector<v1::ProducerPosition> RebuildPositions(db::Tx& tx) {
  std::map<std::string, v1::ProducerPosition> by_producer;
  for (const auto& row : tx.Exec(kPositions)) {
    v1::ProducerPosition& position = by_producer[db::AsText(row[0])];
    position.set_producer(db::AsText(row[0]));
    position.add_positions(row[2].as<int64_t>());
  }
  std::vector<v1::ProducerPosition> positions;
  for (auto& [producer, position] : by_producer) positions.push_back(std::move(position));
  return positions;
}

bool BeginRebuildPositions(db::Tx& tx, const std::vector<std::string>& producers) {
  return tx.ExecCount(kBegin, db::ArrayOf(producers)) > 0;
}

void ForgetRebuildPositions(db::Tx& tx) { tx.Exec(kForget); }

bool MoveRebuildPosition(db::Tx& tx, const std::string& producer, int shard, int64_t from,
                         int64_t to, int64_t epoch) {
  return tx.ExecCount(kMove, producer, shard, from, to, epoch) == 1;
}

}  // namespace ieum::reporting
