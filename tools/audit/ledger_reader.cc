#include "tools/audit/ledger_reader.h"

#include <algorithm>

#include "platform/base/status.h"
#include "platform/ledger/event_row.h"

namespace ieum::audit {
namespace {

constexpr int64_t kChunkRows = 5000;
constexpr int64_t kChunkEvents = 500;
constexpr int64_t kChunkBytes = int64_t{4} << 20;

EventKey KeyOf(const db::Row& row) {
  return {row[0].as<int>(),   row[1].as<int64_t>(), db::AsUuid(row[2]),
          db::AsUuid(row[3]), row[4].as<int64_t>(), db::AsText(row[5]),
          db::AsText(row[6]), db::AsText(row[7]),   db::AsTime(row[8])};
}

const db::Statement kByPosition("audit_by_position", R"(
  SELECT shard, pos, event_id, aggregate_id, version, actor, correlation_id, causation_id,
         recorded_at
  FROM event_log WHERE (shard, pos) > ($1::smallint, $2::bigint)
  ORDER BY shard, pos LIMIT $3::bigint)");

}  // namespace

absl::Status EachKey(db::Database& database, absl::FunctionRef<void(const EventKey&)> each) {
  int shard = -1;
  int64_t pos = 0;
  for (bool more = true; more;) {
    RETURN_IF_ERROR(database.Read("audit_by_position", [&](db::Tx& tx) {
      const db::Rows rows = tx.Exec(kByPosition, shard, pos, kChunkRows);
      more = static_cast<int64_t>(rows.size()) == kChunkRows;
      for (const auto& row : rows) {
        const EventKey key = KeyOf(row);
        shard = key.shard;
        pos = key.pos;
        each(key);
      }
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

namespace {

const db::Statement kByVersion("audit_by_version", R"(
  SELECT shard, pos, event_id, aggregate_id, version, actor, correlation_id, causation_id,
         recorded_at
  FROM event_log WHERE (aggregate_id, version) > ($1::uuid, $2::bigint)
  ORDER BY aggregate_id, version LIMIT $3::bigint)");

}  // namespace

absl::Status EachVersion(db::Database& database, absl::FunctionRef<void(const EventKey&)> each) {
  base::Uuid aggregate;
  int64_t version = INT64_MIN;  // a nil id with a wrong version is seen too
  for (bool more = true; more;) {
    RETURN_IF_ERROR(database.Read("audit_by_version", [&](db::Tx& tx) {
      const db::Rows rows = tx.Exec(kByVersion, aggregate, version, kChunkRows);
      more = static_cast<int64_t>(rows.size()) == kChunkRows;
      for (const auto& row : rows) {
        const EventKey key = KeyOf(row);
        aggregate = key.aggregate;
        version = key.version;
        each(key);
      }
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

namespace {

const db::Statement kAt("audit_event_at", R"(
  SELECT shard, pos, event_id, aggregate_id, version, actor, correlation_id, causation_id,
         recorded_at
  FROM event_log WHERE shard = $1 AND pos = $2)");

}  // namespace

absl::StatusOr<EventKey> KeyAt(db::Database& database, int shard, int64_t pos) {
  std::optional<EventKey> key;
  RETURN_IF_ERROR(database.Read("audit_event_at", [&](db::Tx& tx) {
    if (const auto row = tx.ExecOptional(kAt, shard, pos)) key = KeyOf(*row);
    return absl::OkStatus();
  }));
  if (!key) return absl::NotFoundError("the ledger has no such position");
  return *std::move(key);
}

namespace {

const db::Statement kAggregates("audit_aggregates", R"(
  SELECT id, version FROM aggregate WHERE $1::uuid IS NULL OR id > $1::uuid
  ORDER BY id LIMIT $2::bigint)");

}  // namespace

absl::Status EachAggregate(db::Database& database,
                           absl::FunctionRef<void(const AggregateVersion&)> each) {
  std::optional<base::Uuid> last;
  for (bool more = true; more;) {
    RETURN_IF_ERROR(database.Read("audit_aggregates", [&](db::Tx& tx) {
      const db::Rows rows = tx.Exec(kAggregates, last, kChunkRows);
      more = static_cast<int64_t>(rows.size()) == kChunkRows;
      for (const auto& row : rows) {
        const AggregateVersion aggregate{db::AsUuid(row[0]), row[1].as<int64_t>()};
        last = aggregate.id;
        each(aggregate);
      }
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

namespace {

// One snapshot for both: a command that commits meanwhile is in neither.
const db::Statement kCounts("audit_shard_counts", R"(
  SELECT o.shard, o.last_pos, coalesce(e.events, 0), coalesce(e.max_pos, 0)
  FROM outbox_shard o
  LEFT JOIN (SELECT shard, count(*) AS events, max(pos) AS max_pos FROM event_log GROUP BY shard) e
    USING (shard))");

}  // namespace

absl::StatusOr<std::array<ShardCount, base::Uuid::kShards>> CountShards(db::Database& database) {
  std::array<ShardCount, base::Uuid::kShards> counts;
  RETURN_IF_ERROR(database.Read("audit_shard_counts", [&](db::Tx& tx) {
    for (const auto& row : tx.Exec(kCounts)) {
      counts[row[0].as<size_t>()] = {row[1].as<int64_t>(), row[2].as<int64_t>(),
                                     row[3].as<int64_t>()};
    }
    return absl::OkStatus();
  }));
  return counts;
}

namespace {

const db::Statement kVanished("audit_vanished", "SELECT event_id FROM log_vanished");

}  // namespace

absl::Status EachVanished(db::Database& database, absl::FunctionRef<void(const base::Uuid&)> each) {
  return database.Read("audit_vanished", [&](db::Tx& tx) {
    for (const auto& row : tx.Exec(kVanished)) each(db::AsUuid(row[0]));
    return absl::OkStatus();
  });
}

namespace {

const db::Statement kState("audit_ledger_state", R"(
  SELECT (SELECT epoch FROM log_identity), shard, last_pos FROM outbox_shard)");

}  // namespace

absl::StatusOr<LedgerState> ReadLedgerState(db::Database& database) {
  LedgerState state;
  RETURN_IF_ERROR(database.Read("audit_ledger_state", [&](db::Tx& tx) {
    for (const auto& row : tx.Exec(kState)) {
      state.epoch = row[0].as<int64_t>();
      state.last[row[1].as<size_t>()] = row[2].as<int64_t>();
    }
    return absl::OkStatus();
  }));
  return state;
}

namespace {

const db::Statement kEvents("audit_events", R"(
  SELECT shard, pos, event_id, type, subject, aggregate_id, version, occurred_at, actor,
         correlation_id, causation_id, traceparent, payload
  FROM (SELECT *, sum(octet_length(payload)) OVER (ORDER BY pos) AS bytes
        FROM (SELECT * FROM event_log WHERE shard = $1 AND pos >= $2::bigint
              ORDER BY pos LIMIT $3::bigint) run) measured
  WHERE bytes <= $4::bigint OR bytes = octet_length(payload)
  ORDER BY pos)");

}  // namespace

absl::StatusOr<const platform::v1::LedgerEvent*> ShardReader::At(int64_t pos) {
  const auto in_chunk = [&] {
    const auto found = std::lower_bound(
        chunk_.begin(), chunk_.end(), pos,
        [](const platform::v1::LedgerEvent& event, int64_t at) { return event.position() < at; });
    return found != chunk_.end() && found->position() == pos ? &*found : nullptr;
  };
  if (const auto* event = in_chunk()) return event;
  // A repeat of something old is fetched alone, and the chunk that is being read stays.
  const bool onwards = chunk_.empty() || pos > chunk_.back().position();
  std::vector<platform::v1::LedgerEvent> read;
  RETURN_IF_ERROR(database_.Read("audit_events", [&](db::Tx& tx) {
    read.clear();
    const int64_t rows = onwards ? kChunkEvents : 1;
    for (const auto& row : tx.Exec(kEvents, shard_, pos, rows, kChunkBytes)) {
      read.push_back(ledger::EventOf(row));
    }
    return absl::OkStatus();
  }));
  if (!onwards) {
    single_.clear();
    if (!read.empty() && read.front().position() == pos) single_.push_back(std::move(read.front()));
    return single_.empty() ? nullptr : &single_.front();
  }
  if (read.empty()) return nullptr;
  chunk_ = std::move(read);
  return in_chunk();
}

}  // namespace ieum::audit
