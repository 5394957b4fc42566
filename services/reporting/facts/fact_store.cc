#include "services/reporting/facts/fact_store.h"

#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "platform/base/timestamp.h"

namespace ieum::reporting {
namespace {

const db::Statement kLive("projection_live_select", "SELECT generation FROM projection_live");

// TRUNCATE empties a table also for snapshots that are older than it. Taken before the snapshot, as
// LOCK TABLE takes none itself, this lock keeps what the pointer says to be live until the end.
const db::Statement kKeepGenerations("fact_keep_generations",
                                     "LOCK TABLE fact_0, fact_1 IN ACCESS SHARE MODE");

const db::Statement kHoldLive("projection_live_hold",
                              "SELECT generation FROM projection_live FOR SHARE");

const db::Statement kSwitchLive("projection_live_switch",
                                "UPDATE projection_live SET generation = $1::smallint");

const db::Statement kInsert("fact_insert", R"(
  INSERT INTO fact (generation, producer, shard, pos, event_id, type, aggregate_id,
                    aggregate_version, subject, occurred_at, fields)
  SELECT $1::smallint, producer, shard, pos, event_id, type, aggregate_id, aggregate_version,
         subject, occurred_at, fields::jsonb
  FROM unnest($2::text[], $3::smallint[], $4::bigint[], $5::uuid[], $6::text[], $7::uuid[],
              $8::bigint[], $9::text[], $10::timestamptz[], $11::text[])
    AS f(producer, shard, pos, event_id, type, aggregate_id, aggregate_version, subject,
         occurred_at, fields)
  ON CONFLICT DO NOTHING)");

// No clause for conflicts, which costs a quarter; what is the same for all rows is sent once.
const db::Statement kAdd("fact_add", R"(
  INSERT INTO fact (generation, producer, shard, pos, event_id, type, aggregate_id,
                    aggregate_version, subject, occurred_at, fields)
  SELECT $1::smallint, $2, $3::smallint, pos, event_id, type, aggregate_id, aggregate_version,
         subject, occurred_at, fields::jsonb
  FROM unnest($4::bigint[], $5::uuid[], $6::text[], $7::uuid[], $8::bigint[], $9::text[],
              $10::timestamptz[], $11::text[])
    AS f(pos, event_id, type, aggregate_id, aggregate_version, subject, occurred_at, fields))");

const db::Statement kDeleteBehind("fact_delete_behind", R"(
  DELETE FROM fact WHERE generation = $1::smallint AND producer = $2 AND shard = $3::smallint
                     AND pos > $4::bigint)");

const db::Statement kClearPatience("fact_clear_patience", "SET LOCAL lock_timeout = '500ms'");
const db::Statement kClear0("fact_clear_0", "TRUNCATE fact_0");
const db::Statement kClear1("fact_clear_1", "TRUNCATE fact_1");

const db::Statement kPositions("fact_applied_positions", R"(
  SELECT producer, epoch, shard, pos FROM inbox_cursor ORDER BY producer, shard)");

// A sum of row hashes does not depend on the order of rows; the row holds every column but the
// generation. PostgreSQL's own hash of a row, without its sign: equal rows, as IS DISTINCT FROM
// sees them, have equal hashes, and it costs a tenth of a digest of the row's text.
const db::Statement kHash("fact_hash", R"(
  SELECT generation, count(*),
         sum(hash_record_extended(ROW(producer, shard, pos, event_id, type, aggregate_id,
                                      aggregate_version, subject, occurred_at, fields), 0)
             & 9223372036854775807)
  FROM fact WHERE producer = $1 AND shard = $2::smallint AND pos > $3::bigint AND pos <= $4::bigint
  GROUP BY generation)");

const db::Statement kFirstDifference("fact_first_difference", R"(
  WITH run AS (SELECT * FROM fact WHERE producer = $3 AND shard = $4::smallint
                 AND pos > $5::bigint AND pos <= $6::bigint),
  live AS (SELECT * FROM run WHERE generation = $1::smallint),
  made AS (SELECT * FROM run WHERE generation = $2::smallint)
  SELECT producer, shard, pos FROM live FULL JOIN made USING (producer, shard, pos)
  WHERE (live.event_id, live.type, live.aggregate_id, live.aggregate_version, live.subject,
         live.occurred_at, live.fields)
        IS DISTINCT FROM
        (made.event_id, made.type, made.aggregate_id, made.aggregate_version, made.subject,
         made.occurred_at, made.fields)
  ORDER BY pos LIMIT 1)");

// The columns of facts as arrays, but producer and shard.
struct Columns {
  db::Param positions, ids, types, aggregates, versions, subjects, instants, fields;
};

Columns ColumnsOf(absl::Span<const Fact> facts) {
  std::vector<db::Param> positions, ids, types, aggregates, versions, subjects, instants, fields;
  for (auto* column :
       {&positions, &ids, &types, &aggregates, &versions, &subjects, &instants, &fields}) {
    column->reserve(facts.size());
  }
  for (const Fact& fact : facts) {
    const platform::v1::LedgerEvent& event = *fact.event;
    positions.emplace_back(event.position());
    ids.emplace_back(event.event_id());
    types.emplace_back(event.type());
    aggregates.emplace_back(event.aggregate_id());
    versions.emplace_back(event.aggregate_version());
    subjects.emplace_back(event.subject());
    instants.emplace_back(base::InstantOf(event.time()));
    fields.emplace_back(fact.fields);
  }
  return {db::Array(positions), db::Array(ids),      db::Array(types),    db::Array(aggregates),
          db::Array(versions),  db::Array(subjects), db::Array(instants), db::Array(fields)};
}

}  // namespace

int LiveGeneration(db::Tx& tx) {
  tx.Exec(kKeepGenerations);
  return tx.Exec(kLive)[0][0].as<int>();
}
int HoldLiveGeneration(db::Tx& tx) { return tx.Exec(kHoldLive)[0][0].as<int>(); }
void SwitchLiveGeneration(db::Tx& tx, int generation) { tx.Exec(kSwitchLive, generation); }

void InsertFacts(db::Tx& tx, int generation, absl::Span<const Fact> facts) {
  std::vector<db::Param> producers, shards;
  for (const Fact& fact : facts) {
    producers.emplace_back(fact.producer);
    shards.emplace_back(fact.event->shard());
  }
  const Columns columns = ColumnsOf(facts);
  tx.Exec(kInsert, generation, db::Array(producers), db::Array(shards), columns.positions,
          columns.ids, columns.types, columns.aggregates, columns.versions, columns.subjects,
          columns.instants, columns.fields);
}

void AddFacts(db::Tx& tx, int generation, const std::string& producer, int shard,
              absl::Span<const Fact> facts) {
  if (facts.empty()) return;
  const Columns columns = ColumnsOf(facts);
  tx.Exec(kAdd, generation, producer, shard, columns.positions, columns.ids, columns.types,
          columns.aggregates, columns.versions, columns.subjects, columns.instants, columns.fields);
}

void DeleteFactsBehind(db::Tx& tx, int generation, const std::string& producer, int shard,
                       int64_t pos) {
  tx.Exec(kDeleteBehind, generation, producer, shard, pos);
}

void ClearGeneration(db::Tx& tx, int generation) {
  tx.Exec(kClearPatience);
  tx.Exec(generation == 0 ? kClear0 : kClear1);
}

std::vector<v1::ProducerPosition> AppliedPositions(db::Tx& tx) {
  std::map<std::string, v1::ProducerPosition> by_producer;
  for (const auto& row : tx.Exec(kPositions)) {
    v1::ProducerPosition& position = by_producer[db::AsText(row[0])];
    position.set_producer(db::AsText(row[0]));
    position.set_epoch(row[1].as<int64_t>());
    while (position.positions_size() < base::Uuid::kShards) position.add_positions(0);
    position.set_positions(row[2].as<int>(), row[3].as<int64_t>());
  }
  std::vector<v1::ProducerPosition> positions;
  for (auto& [producer, position] : by_producer) positions.push_back(std::move(position));
  return positions;
}

FactsHash& FactsHash::operator+=(const FactsHash& more) {
  rows += more.rows;
  hash += more.hash;
  return *this;
}

std::array<FactsHash, 2> HashGenerations(db::Tx& tx, const FactsRun& run) {
  std::array<FactsHash, 2> hashes;
  for (const auto& row : tx.Exec(kHash, run.producer, run.shard, run.after, run.up_to)) {
    FactsHash& hash = hashes.at(row[0].as<size_t>());
    hash.rows = row[1].as<int64_t>();
    // A sum of 63-bit numbers in decimal digits, which always fits.
    absl::SimpleAtoi(db::AsText(row[2]), &hash.hash);
  }
  return hashes;
}

FactsHash HashFacts(db::Tx& tx, int generation, const std::vector<v1::ProducerPosition>& up_to) {
  FactsHash hash;
  for (const v1::ProducerPosition& producer : up_to) {
    for (int shard = 0; shard < producer.positions_size(); ++shard) {
      const FactsRun run{producer.producer(), shard, 0, producer.positions(shard)};
      hash += HashGenerations(tx, run).at(static_cast<size_t>(generation));
    }
  }
  return hash;
}

std::string FirstDifference(db::Tx& tx, int live, int rebuilt, const FactsRun& run) {
  auto row = tx.ExecOptional(kFirstDifference, live, rebuilt, run.producer, run.shard, run.after,
                             run.up_to);
  if (!row) return "";
  return absl::StrCat(db::AsText((*row)[0]), "/", db::AsText((*row)[1]), "/",
                      db::AsText((*row)[2]));
}

}  // namespace ieum::reporting
