#include "platform/flow/inbox_store.h"

#include <algorithm>

#include "platform/base/status.h"

namespace ieum::flow {
namespace {

const db::Statement kMakeCursors("inbox_cursor_make", R"(
  INSERT INTO inbox_cursor (producer, shard, epoch, pos)
  SELECT $1, s, 0, 0 FROM generate_series(0, $2::int - 1) s ON CONFLICT DO NOTHING)");

const db::Statement kMakeStream("inbox_stream_make", R"(
  INSERT INTO inbox_stream (producer) VALUES ($1) ON CONFLICT DO NOTHING)");

const db::Statement kLoadCursors("inbox_cursor_load", R"(
  SELECT shard, epoch, pos, check_hash FROM inbox_cursor WHERE producer = $1)");

const db::Statement kLoadStream("inbox_stream_load", R"(
  SELECT stream_created, incarnation, resume_seq FROM inbox_stream WHERE producer = $1)");

InboxState ReadInbox(db::Tx& tx, const std::string& producer) {
  InboxState state;
  for (const auto& row : tx.Exec(kLoadCursors, producer)) {
    state.cursors[row[0].as<size_t>()] = {row[1].as<int64_t>(), row[2].as<int64_t>(),
                                          static_cast<uint64_t>(row[3].as<int64_t>())};
  }
  if (const auto row = tx.ExecOptional(kLoadStream, producer)) {
    state.stream_created = db::AsOptionalTime((*row)[0]);
    state.incarnation = (*row)[1].as<int64_t>();
    state.resume_seq = (*row)[2].as<uint64_t>();
  }
  return state;
}

}  // namespace

absl::StatusOr<InboxState> LoadInbox(db::Database& database, const std::string& producer) {
  InboxState state;
  RETURN_IF_ERROR(database.Write("load_inbox", [&](db::Tx& tx) {
    tx.Exec(kMakeCursors, producer, kShards);
    tx.Exec(kMakeStream, producer);
    state = ReadInbox(tx, producer);
    return absl::OkStatus();
  }));
  return state;
}

namespace {

const db::Statement kLoadParked("parked_load",
                                "SELECT aggregate_id FROM parked WHERE producer = $1");

}  // namespace

absl::StatusOr<absl::flat_hash_set<base::Uuid>> LoadParked(db::Database& database,
                                                           const std::string& producer) {
  absl::flat_hash_set<base::Uuid> parked;
  RETURN_IF_ERROR(database.Read("load_parked", [&](db::Tx& tx) {
    for (const auto& row : tx.Exec(kLoadParked, producer)) parked.insert(db::AsUuid(row[0]));
    return absl::OkStatus();
  }));
  return parked;
}

namespace {

const db::Statement kSaveStream("inbox_stream_save", R"(
  UPDATE inbox_stream SET stream_created = $2, incarnation = $3, resume_seq = $4
  WHERE producer = $1)");

}  // namespace

absl::Status SaveStreamHint(db::Database& database, const std::string& producer,
                            const std::optional<absl::Time>& created, int64_t incarnation,
                            uint64_t resume_seq) {
  return database.WriteRelaxed("save_stream_hint", [&](db::Tx& tx) {
    tx.Exec(kSaveStream, producer, created, incarnation, resume_seq);
    return absl::OkStatus();
  });
}

namespace {

const db::Statement kStepCursors("inbox_cursor_step", R"(
  SELECT of_shard, place FROM inbox_step($1, $2::smallint[], $3::bigint[], $4::bigint[],
                                         $5::bigint[], $6::bigint[], $7::tid[]))");

// The rows are locked in shard order before they move, so that two consumers who both believe to
// be the one never wait for each other in a circle.
const db::Statement kMoveCursors("inbox_cursor_move", R"(
  WITH wanted AS (
    SELECT * FROM unnest($2::smallint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
      AS w(shard, old_pos, new_pos, epoch, check_hash)
  ), locked AS (
    SELECT c.shard FROM inbox_cursor c
    WHERE c.producer = $1 AND c.shard IN (SELECT shard FROM wanted) ORDER BY c.shard FOR UPDATE
  )
  UPDATE inbox_cursor c
  SET pos = w.new_pos, epoch = w.epoch, check_hash = w.check_hash
  FROM wanted w JOIN locked l USING (shard)
  WHERE c.producer = $1 AND c.shard = w.shard AND c.pos = w.old_pos
    AND c.epoch IN (0, w.epoch)
  RETURNING c.shard, c.ctid)");

// The moves as the statements take them: one array for each of their fields.
struct Columns {
  std::vector<db::Param> shards, from, to, epochs, hashes, places;
};

Columns ColumnsOf(const std::vector<CursorMove*>& moves) {
  Columns columns;
  for (const CursorMove* move : moves) {
    columns.shards.emplace_back(move->shard);
    columns.from.emplace_back(move->from);
    columns.to.emplace_back(move->to);
    columns.epochs.emplace_back(move->epoch);
    columns.hashes.emplace_back(static_cast<int64_t>(move->check_hash));
    columns.places.emplace_back(move->place);
  }
  return columns;
}

// Notes where the rows went; what is left in `moves` was not found.
void Went(const pqxx::result& rows, std::vector<CursorMove*>& moves) {
  for (const auto& row : rows) {
    const int shard = row[0].as<int>();
    const auto moved = std::find_if(moves.begin(), moves.end(),
                                    [&](const CursorMove* move) { return move->shard == shard; });
    if (moved == moves.end()) continue;
    (*moved)->place = db::AsText(row[1]);
    moves.erase(moved);
  }
}

}  // namespace

// A place that is no longer true finds nothing, or a row that is not where we believe: then the key
// decides.
bool MoveCursors(db::Tx& tx, const std::string& producer, std::vector<CursorMove>& moves) {
  std::vector<CursorMove*> left;
  for (CursorMove& move : moves) left.push_back(&move);
  const auto known = [](const CursorMove& move) { return !move.place.empty(); };
  if (std::all_of(moves.begin(), moves.end(), known)) {
    const Columns all = ColumnsOf(left);
    Went(tx.Exec(kStepCursors, producer, db::Array(all.shards), db::Array(all.from),
                 db::Array(all.to), db::Array(all.epochs), db::Array(all.hashes),
                 db::Array(all.places)),
         left);
  }
  if (left.empty()) return true;
  const Columns rest = ColumnsOf(left);
  Went(tx.Exec(kMoveCursors, producer, db::Array(rest.shards), db::Array(rest.from),
               db::Array(rest.to), db::Array(rest.epochs), db::Array(rest.hashes)),
       left);
  return left.empty();
}

namespace {

const db::Statement kSaveCheckPoint("inbox_check_insert", R"(
    INSERT INTO inbox_check (producer, epoch, shard, pos, check_hash) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (producer, epoch, shard, pos) DO UPDATE SET check_hash = EXCLUDED.check_hash)");

}  // namespace

void SaveCheckPoints(db::Tx& tx, const std::string& producer,
                     const std::vector<CheckPoint>& points) {
  for (const CheckPoint& point : points) {
    tx.Exec(kSaveCheckPoint, producer, point.epoch, point.shard, point.pos,
            static_cast<int64_t>(point.check_hash));
  }
}

namespace {

// Shared lock: an operator who replays or discards this aggregate waits for us, and we for him.
const db::Statement kStillParked("parked_select", R"(
  SELECT aggregate_id FROM parked WHERE producer = $1 AND aggregate_id = ANY($2::uuid[])
  ORDER BY aggregate_id FOR SHARE)");

}  // namespace

absl::flat_hash_set<base::Uuid> StillParked(db::Tx& tx, const std::string& producer,
                                            const std::vector<base::Uuid>& aggregates) {
  absl::flat_hash_set<base::Uuid> parked;
  for (const auto& row : tx.Exec(kStillParked, producer, db::ArrayOf(aggregates))) {
    parked.insert(db::AsUuid(row[0]));
  }
  return parked;
}

namespace {

// A row that is there is locked, not passed by: an operator who settles this aggregate right now
// would remove the dead letter that comes with this, without having looked at it.
const db::Statement kPark("parked_insert", R"(
    INSERT INTO parked AS p (producer, aggregate_id, reason) VALUES ($1, $2, $3)
    ON CONFLICT (producer, aggregate_id) DO UPDATE SET reason = p.reason)");

}  // namespace

void Park(db::Tx& tx, const std::string& producer, const base::Uuid& aggregate,
          std::string_view reason) {
  tx.Exec(kPark, producer, aggregate, reason);
}

namespace {

const db::Statement kInsertDeadLetter("dead_letter_insert", R"(
    INSERT INTO dead_letter
      (producer, epoch, shard, pos, aggregate_id, attempts, error, event)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8::bytea))");

}  // namespace

void InsertDeadLetter(db::Tx& tx, const ReceivedEvent& event, int attempts,
                      std::string_view error) {
  const auto& envelope = event.envelope;
  tx.Exec(kInsertDeadLetter, event.producer, event.epoch, envelope.shard(), envelope.position(),
          envelope.aggregate_id(), attempts, error, db::Bytes(envelope.SerializeAsString()));
}

}  // namespace ieum::flow
