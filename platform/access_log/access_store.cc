#include "platform/access_log/access_store.h"

namespace ieum::access_log {
namespace {

// One array a column; the subjects of a row come as the text of an array.
const db::Statement kInsert("access_log_insert", R"(
  INSERT INTO access_log (writer, number, at, account, source, action, method, outcome, subjects,
                          query, reason, emergency, trace_id)
  SELECT $1::uuid, $2::bigint + r.place - 1, r.at, r.account, r.source, r.action, r.method,
         r.outcome, r.subjects::text[], r.query, r.reason, r.emergency, r.trace_id
  FROM unnest($3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
              $9::text[], $10::text[], $11::text[], $12::boolean[], $13::text[])
       WITH ORDINALITY AS r (at, account, source, action, method, outcome, subjects, query, reason,
                             emergency, trace_id, place)
  ON CONFLICT (writer, number) DO NOTHING)");

template <class Value>
db::Param Column(absl::Span<const Access* const> accesses, Value value) {
  std::vector<db::Param> values;
  values.reserve(accesses.size());
  for (const Access* access : accesses) values.emplace_back(value(*access));
  return db::Array(values);
}

}  // namespace

int64_t InsertRows(db::Tx& tx, const base::Uuid& writer, int64_t first,
                   absl::Span<const Access* const> accesses) {
  return tx.ExecCount(
      kInsert, writer, first, Column(accesses, [](const Access& a) { return db::Param(a.at); }),
      Column(accesses, [](const Access& a) { return a.account; }),
      Column(accesses, [](const Access& a) { return a.source; }),
      Column(accesses, [](const Access& a) { return a.action; }),
      Column(accesses, [](const Access& a) { return a.method; }),
      Column(accesses, [](const Access& a) { return a.outcome; }),
      Column(accesses, [](const Access& a) { return *db::ArrayOf(a.subjects).text(); }),
      Column(accesses, [](const Access& a) { return a.query; }),
      Column(accesses, [](const Access& a) { return a.reason; }),
      Column(accesses, [](const Access& a) { return a.emergency; }),
      Column(accesses, [](const Access& a) { return a.trace_id; }));
}

namespace {

std::vector<std::string> AsTexts(const pqxx::field& field) {
  std::vector<std::string> texts;
  pqxx::array_parser parser = field.as_array();
  for (auto next = parser.get_next(); next.first != pqxx::array_parser::juncture::done;
       next = parser.get_next()) {
    if (next.first == pqxx::array_parser::juncture::string_value) {
      texts.push_back(std::move(next.second));
    }
  }
  return texts;
}

Row ReadRow(const db::Row& row) {
  Row read;
  read.id = {db::AsUuid(row[0]), row[1].as<int64_t>()};
  Access& access = read.access;
  access.at = db::AsTime(row[2]);
  read.recorded_at = db::AsTime(row[3]);
  access.account = db::AsText(row[4]);
  access.source = db::AsText(row[5]);
  access.action = db::AsText(row[6]);
  access.method = db::AsText(row[7]);
  access.outcome = db::AsText(row[8]);
  access.subjects = AsTexts(row[9]);
  access.query = db::AsText(row[10]);
  access.reason = db::AsText(row[11]);
  access.emergency = row[12].as<bool>();
  access.trace_id = db::AsText(row[13]);
  return read;
}

std::vector<Row> ReadAll(const db::Rows& rows) {
  std::vector<Row> read;
  read.reserve(rows.size());
  for (const auto& row : rows) read.push_back(ReadRow(row));
  return read;
}

const db::Statement kRows("access_log_rows", R"(
  SELECT a.writer, a.number, a.at, a.recorded_at, a.account, a.source, a.action, a.method, a.outcome,
         a.subjects, a.query, a.reason, a.emergency, a.trace_id
  FROM access_log a
  WHERE a.writer = $1::uuid AND a.number BETWEEN $2::bigint AND $3::bigint ORDER BY a.number)");

}  // namespace

std::vector<Row> ReadRows(db::Tx& tx, const base::Uuid& writer, int64_t first, int64_t last) {
  return ReadAll(tx.Exec(kRows, writer, first, last));
}

namespace {

const db::Statement kPeriod("access_log_period", R"(
  SELECT a.writer, a.number, a.at, a.recorded_at, a.account, a.source, a.action, a.method, a.outcome,
         a.subjects, a.query, a.reason, a.emergency, a.trace_id
  FROM access_log a
  WHERE a.recorded_at >= $1::timestamptz AND a.recorded_at < $2::timestamptz
    AND (a.writer, a.number) > ($3::uuid, $4::bigint)
  ORDER BY a.writer, a.number LIMIT $5::int)");

}  // namespace

std::vector<Row> ReadPeriod(db::Tx& tx, absl::Time from, absl::Time to, const RowId& after,
                            int limit) {
  return ReadAll(tx.Exec(kPeriod, from, to, after.writer, after.number, limit));
}

namespace {

// From one writer to the next along the index, whatever lies between.
const db::Statement kOpenRuns("access_log_open_runs", R"(
  WITH RECURSIVE known AS (
    (SELECT writer FROM access_log WHERE writer >= $1::uuid ORDER BY writer LIMIT 1)
    UNION ALL
    SELECT (SELECT a.writer FROM access_log a WHERE a.writer > k.writer ORDER BY a.writer LIMIT 1)
    FROM known k WHERE k.writer IS NOT NULL),
  tip AS (
    SELECT k.writer,
           coalesce((SELECT s.last_row FROM access_seal s WHERE s.writer = k.writer
                     ORDER BY s.first_row DESC LIMIT 1), 0) AS sealed,
           (SELECT a.number FROM access_log a WHERE a.writer = k.writer
            ORDER BY a.number DESC LIMIT 1) AS newest
    FROM known k WHERE k.writer IS NOT NULL)
  SELECT writer, sealed + 1, newest FROM tip WHERE newest > sealed ORDER BY writer)");

}  // namespace

std::vector<OpenRun> OpenRuns(db::Tx& tx, const base::Uuid& from) {
  std::vector<OpenRun> runs;
  for (const auto& row : tx.Exec(kOpenRuns, from)) {
    runs.push_back({db::AsUuid(row[0]), row[1].as<int64_t>(), row[2].as<int64_t>()});
  }
  return runs;
}

namespace {

const db::Statement kLastSeal("access_seal_last", R"(
  SELECT number, hash, clock_timestamp() FROM access_seal ORDER BY number DESC LIMIT 1)");

const db::Statement kAnchor("access_anchor_last", R"(
  SELECT coalesce(max(a.seal), 0), (SELECT b.hash FROM access_anchor b ORDER BY b.seal DESC LIMIT 1),
         clock_timestamp()
  FROM access_anchor a)");

ChainEnd EndOf(const db::Row& row) {
  return {row[0].as<int64_t>(), row[1].is_null() ? NoSeal() : db::AsBytes(row[1]),
          db::AsTime(row[2])};
}

}  // namespace

ChainEnd LastSeal(db::Tx& tx) {
  const auto last = tx.ExecOptional(kLastSeal);
  return last ? EndOf(*last) : ChainBeginning(tx);
}

ChainEnd ChainBeginning(db::Tx& tx) { return EndOf(tx.Exec(kAnchor)[0]); }

namespace {

const db::Statement kInsertSeal("access_seal_insert", R"(
  INSERT INTO access_seal (number, writer, first_row, last_row, newest, sealed_at, row_hashes,
                           previous_hash, hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING)");

}  // namespace

bool InsertSeal(db::Tx& tx, const Seal& seal) {
  return tx.ExecOne(kInsertSeal, seal.number, seal.writer, seal.first_row, seal.last_row,
                    seal.newest, seal.sealed_at, db::Bytes(seal.row_hashes),
                    db::Bytes(seal.previous_hash), db::Bytes(seal.hash));
}

namespace {

const db::Statement kSeals("access_seal_list", R"(
  SELECT number, writer, first_row, last_row, newest, sealed_at, row_hashes, previous_hash, hash
  FROM access_seal WHERE number > $1::bigint ORDER BY number LIMIT $2::int)");

}  // namespace

std::vector<Seal> ReadSeals(db::Tx& tx, int64_t after, int limit) {
  std::vector<Seal> seals;
  for (const auto& row : tx.Exec(kSeals, after, limit)) {
    seals.push_back({row[0].as<int64_t>(), db::AsUuid(row[1]), row[2].as<int64_t>(),
                     row[3].as<int64_t>(), db::AsTime(row[4]), db::AsTime(row[5]),
                     db::AsBytes(row[6]), db::AsBytes(row[7]), db::AsBytes(row[8])});
  }
  return seals;
}

namespace {

// What the seals of a writer cover has no hole: Verify has seen to it before it asks this.
const db::Statement kUnsealed("access_log_unsealed", R"(
  SELECT a.writer, a.number,
         extract(epoch FROM clock_timestamp() - a.recorded_at)::bigint, coalesce(s.up_to, 0)
  FROM access_log a
  LEFT JOIN (SELECT writer, min(first_row) AS low, max(last_row) AS up_to FROM access_seal
             GROUP BY writer) s USING (writer)
  WHERE s.writer IS NULL OR a.number > s.up_to OR a.number < s.low
  ORDER BY a.writer, a.number LIMIT $1::int)");

}  // namespace

std::vector<Unsealed> UnsealedRows(db::Tx& tx, int limit) {
  std::vector<Unsealed> rows;
  for (const auto& row : tx.Exec(kUnsealed, limit)) {
    rows.push_back({{db::AsUuid(row[0]), row[1].as<int64_t>()},
                    absl::Seconds(row[2].as<int64_t>()),
                    row[3].as<int64_t>()});
  }
  return rows;
}

namespace {

const db::Statement kPurge("access_log_purge", "SELECT access_log_purge($1::timestamptz, $2::int)");

}  // namespace

int64_t PurgeRows(db::Tx& tx, absl::Time before, int seals_max) {
  return tx.Exec(kPurge, before, seals_max)[0][0].as<int64_t>();
}

}  // namespace ieum::access_log
