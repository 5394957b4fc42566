#include "platform/flow/dead_letter_store.h"

#include "platform/base/timestamp.h"

namespace ieum::flow {
namespace {

DeadLetterRow RowOf(const db::Row& row) {
  DeadLetterRow out;
  out.key = {row[0].as<int64_t>(), db::AsText(row[1]), row[2].as<int64_t>(), row[3].as<int>(),
             row[4].as<int64_t>()};
  out.letter.set_producer(out.key.producer);
  out.letter.set_epoch(out.key.epoch);
  out.letter.set_attempts(row[5].as<int>());
  out.letter.set_error(db::AsText(row[6]));
  out.letter.mutable_event()->ParseFromString(db::AsBytes(row[7]));
  *out.letter.mutable_parked_time() = base::ToTimestamp(absl::FromUnixMicros(out.key.parked_us));
  return out;
}

std::vector<DeadLetterRow> RowsOf(const db::Rows& rows) {
  std::vector<DeadLetterRow> out;
  for (const auto& row : rows) out.push_back(RowOf(row));
  return out;
}

const db::Statement kList("dead_letter_list", R"(
  SELECT (extract(epoch FROM parked_at) * 1000000)::bigint, producer, epoch, shard, pos, attempts,
         error, event
  FROM dead_letter
  WHERE (parked_at, producer, epoch, shard, pos) >
        ('epoch'::timestamptz + $1::bigint * interval '1 microsecond', $2, $3::bigint, $4::smallint,
         $5::bigint)
  ORDER BY parked_at, producer, epoch, shard, pos LIMIT $6::bigint)");

}  // namespace

std::vector<DeadLetterRow> ReadDeadLetters(db::Tx& tx, const DeadLetterKey& after, int limit) {
  return RowsOf(
      tx.Exec(kList, after.parked_us, after.producer, after.epoch, after.shard, after.pos, limit));
}

namespace {

const db::Statement kLockParked("parked_lock", R"(
  SELECT 1 FROM parked WHERE producer = $1 AND aggregate_id = $2 FOR UPDATE)");

const db::Statement kOfAggregate("dead_letter_of_aggregate", R"(
  SELECT (extract(epoch FROM parked_at) * 1000000)::bigint, producer, epoch, shard, pos, attempts,
         error, event
  FROM dead_letter WHERE producer = $1 AND aggregate_id = $2 ORDER BY epoch, pos FOR UPDATE)");

}  // namespace

std::vector<DeadLetterRow> LockDeadLetters(db::Tx& tx, const std::string& producer,
                                           const base::Uuid& aggregate) {
  tx.Exec(kLockParked, producer, aggregate);
  return RowsOf(tx.Exec(kOfAggregate, producer, aggregate));
}

namespace {

const db::Statement kSettle("dead_letter_settle", R"(
  WITH settled AS (
    DELETE FROM dead_letter d
    USING unnest($2::bigint[], $3::smallint[], $4::bigint[]) AS k(epoch, shard, pos)
    WHERE d.producer = $1 AND d.epoch = k.epoch AND d.shard = k.shard AND d.pos = k.pos
    RETURNING d.producer, d.epoch, d.shard, d.pos
  )
  INSERT INTO dead_letter_decision (producer, epoch, shard, pos, decision, reason, actor)
  SELECT producer, epoch, shard, pos, $5, $6, $7 FROM settled)");

const db::Statement kUnpark("parked_remove", R"(
  DELETE FROM parked p WHERE p.producer = $1 AND p.aggregate_id = $2 AND NOT EXISTS (
    SELECT FROM dead_letter d WHERE d.producer = p.producer AND d.aggregate_id = p.aggregate_id))");

}  // namespace

void SettleDeadLetters(db::Tx& tx, const std::string& producer, const base::Uuid& aggregate,
                       const std::vector<DeadLetterRow>& letters, std::string_view decision,
                       std::string_view reason, std::string_view actor) {
  std::vector<db::Param> epochs, shards, positions;
  for (const DeadLetterRow& letter : letters) {
    epochs.emplace_back(letter.key.epoch);
    shards.emplace_back(letter.key.shard);
    positions.emplace_back(letter.key.pos);
  }
  tx.Exec(kSettle, producer, db::Array(epochs), db::Array(shards), db::Array(positions), decision,
          reason, actor);
  tx.Exec(kUnpark, producer, aggregate);
}

}  // namespace ieum::flow
