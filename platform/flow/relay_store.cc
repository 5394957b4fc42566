#include "platform/flow/relay_store.h"

#include <algorithm>

#include "platform/base/failpoint.h"
#include "platform/base/status.h"
#include "platform/ledger/event_row.h"

namespace ieum::flow {
namespace {

const db::Statement kLoadBeliefs(
    "relay_belief_load", "SELECT shard, pos, stream_seq, incarnation, epoch FROM relay_belief");

const db::Statement kSaveBeliefs("relay_belief_save", R"(
  INSERT INTO relay_belief AS b (shard, pos, stream_seq, incarnation, epoch)
  SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
  ON CONFLICT (shard) DO UPDATE
  SET pos = EXCLUDED.pos, stream_seq = EXCLUDED.stream_seq, incarnation = EXCLUDED.incarnation,
      epoch = EXCLUDED.epoch
  WHERE b.incarnation <= EXCLUDED.incarnation)");

}  // namespace

absl::StatusOr<Beliefs> LoadBeliefs(db::Database& database) {
  Beliefs beliefs{};
  RETURN_IF_ERROR(database.ReadOne("load_beliefs", [&](db::Tx& tx) {
    for (const auto& row : tx.Exec(kLoadBeliefs)) {
      beliefs[row[0].as<size_t>()] = {row[1].as<int64_t>(), row[2].as<uint64_t>(),
                                      row[3].as<int64_t>(), row[4].as<int64_t>()};
    }
    return absl::OkStatus();
  }));
  return beliefs;
}

absl::Status SaveBeliefs(db::Database& database, const Beliefs& beliefs, bool now) {
  std::vector<db::Param> shards, positions, sequences, incarnations, epochs;
  for (int shard = 0; shard < kShards; ++shard) {
    shards.emplace_back(shard);
    positions.emplace_back(beliefs[shard].pos);
    sequences.emplace_back(beliefs[shard].seq);
    incarnations.emplace_back(beliefs[shard].incarnation);
    epochs.emplace_back(beliefs[shard].epoch);
  }
  IEUM_FAILPOINT("belief.before_write");
  const auto body = [&](db::Tx& tx) {
    tx.Exec(kSaveBeliefs, db::Array(shards), db::Array(positions), db::Array(sequences),
            db::Array(incarnations), db::Array(epochs));
    IEUM_FAILPOINT("belief.before_commit");
    return absl::OkStatus();
  };
  return now ? database.Write("save_beliefs", body) : database.WriteRelaxed("save_beliefs", body);
}

namespace {

const db::Statement kHead("relay_head", R"(
  SELECT (SELECT epoch FROM log_identity), of_shard, newest FROM outbox_positions())");

LedgerHead HeadWithin(db::Tx& tx) {
  LedgerHead head;
  for (const auto& row : tx.Exec(kHead)) {
    head.epoch = row[0].as<int64_t>();
    head.last[row[1].as<size_t>()] = row[2].as<int64_t>();
  }
  return head;
}

// The counters, and behind each position that is asked for the rows that there are, an equal share
// for each shard that has some. Positions have no holes, so a share is a range. The running size
// cuts a run of large events; its first event always comes.
const db::Statement kNews("relay_news", R"(
  WITH wanted AS (
    SELECT o.of_shard AS shard, o.newest AS last_pos, w.first,
           greatest(1, count(*) FILTER (WHERE w.first <= o.newest) OVER ()) AS sharers
    FROM outbox_positions() o
    LEFT JOIN unnest($1::bigint[]) WITH ORDINALITY AS w(first, place) ON w.place = o.of_shard + 1
  )
  SELECT w.shard, e.pos, e.event_id, e.type, e.subject, e.aggregate_id, e.version, e.occurred_at,
         e.actor, e.correlation_id, e.causation_id, e.traceparent, e.payload, w.last_pos,
         (SELECT epoch FROM log_identity)
  FROM wanted w
  LEFT JOIN LATERAL (
    SELECT r.*, sum(octet_length(r.payload)) OVER (ORDER BY r.pos) AS bytes
    FROM event_log r
    WHERE w.first <= w.last_pos AND r.shard = w.shard AND r.pos >= w.first
      AND r.pos < w.first + greatest(1, $2::bigint / w.sharers)
  ) e ON e.bytes <= $3::bigint / w.sharers OR e.pos = w.first
  ORDER BY w.shard, e.pos)");
constexpr int kPosColumn = 1, kLastColumn = 13, kEpochColumn = 14;

}  // namespace

absl::StatusOr<LedgerHead> ReadHead(db::Database& database) {
  LedgerHead head;
  RETURN_IF_ERROR(database.ReadOne("relay_head", [&](db::Tx& tx) {
    head = HeadWithin(tx);
    return absl::OkStatus();
  }));
  return head;
}

absl::StatusOr<LedgerNews> ReadNews(db::Database& database, const ShardPositions& from,
                                    int max_events, size_t max_bytes) {
  const std::vector<int64_t> firsts(from.begin(), from.end());
  LedgerNews news;
  RETURN_IF_ERROR(database.ReadOne("relay_news", [&](db::Tx& tx) {
    news = {};
    for (const auto& row : tx.Exec(kNews, db::ArrayOf(firsts), max_events, max_bytes)) {
      news.head.epoch = row[kEpochColumn].as<int64_t>();
      news.head.last[row[0].as<size_t>()] = row[kLastColumn].as<int64_t>();
      if (!row[kPosColumn].is_null()) news.events.push_back(ledger::EventOf(row));
    }
    return absl::OkStatus();
  }));
  return news;
}

namespace {

const db::Statement kRecordedAt("relay_recorded_at", R"(
  SELECT recorded_at >= $3::timestamptz FROM event_log WHERE shard = $1 AND pos = $2)");

// Positions are recorded in order, so the first one since then is found by halving.
int64_t FirstOfShard(db::Tx& tx, int shard, int64_t last, absl::Time since) {
  int64_t low = 1, high = last + 1;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    const auto row = tx.ExecOptional(kRecordedAt, shard, middle, since);
    if (row && (*row)[0].as<bool>()) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

absl::StatusOr<ShardPositions> FirstSince(db::Database& database, const LedgerHead& head,
                                          absl::Time since) {
  ShardPositions first{};
  RETURN_IF_ERROR(database.Read("relay_first_since", [&](db::Tx& tx) {
    for (int shard = 0; shard < kShards; ++shard) {
      first[shard] = FirstOfShard(tx, shard, head.last[shard], since);
    }
    return absl::OkStatus();
  }));
  return first;
}

namespace {

const db::Statement kOldest("relay_oldest", R"(
  SELECT coalesce(extract(epoch FROM clock_timestamp() - min(e.recorded_at)), 0)
  FROM unnest($1::bigint[]) WITH ORDINALITY AS w(pos, place)
  JOIN event_log e ON e.shard = w.place - 1 AND e.pos = w.pos)");

}  // namespace

absl::StatusOr<absl::Duration> AgeOfOldest(db::Database& database, const ShardPositions& at) {
  absl::Duration age;
  RETURN_IF_ERROR(database.ReadOne("relay_oldest", [&](db::Tx& tx) {
    const std::vector<int64_t> positions(at.begin(), at.end());
    age = absl::Seconds(tx.Exec(kOldest, db::ArrayOf(positions))[0][0].as<double>());
    return absl::OkStatus();
  }));
  return age;
}

}  // namespace ieum::flow
