#include "platform/flow/epoch_store.h"

#include "fmt/format.h"
#include "google/protobuf/util/message_differencer.h"
#include "platform/base/status.h"
#include "platform/ledger/event_row.h"

namespace ieum::flow {
namespace {

const db::Statement kCheckHash("inbox_check_find", R"(
  SELECT check_hash FROM inbox_check WHERE producer = $1 AND shard = $2::smallint AND pos = $3::bigint
  ORDER BY epoch DESC LIMIT 1)");

const db::Statement kAnyOpen("inbox_epoch_any_open",
                             "SELECT EXISTS (SELECT FROM inbox_epoch WHERE accepted_at IS NULL)");

const db::Statement kAccept("inbox_epoch_accept", R"(
  UPDATE inbox_epoch SET accepted_at = clock_timestamp(), reason = $2
  WHERE producer = $1 AND accepted_at IS NULL)");

const db::Statement kEventAt("event_log_at", R"(
  SELECT shard, pos, event_id, type, subject, aggregate_id, version, occurred_at, actor,
         correlation_id, causation_id, traceparent, payload
  FROM event_log WHERE shard = $1::smallint AND pos = $2::bigint)");

}  // namespace

absl::StatusOr<std::optional<uint64_t>> LoadCheckHash(db::Database& database,
                                                      const std::string& producer, int shard,
                                                      int64_t pos) {
  std::optional<uint64_t> hash;
  RETURN_IF_ERROR(database.ReadOne("check_hash", [&](db::Tx& tx) {
    const auto row = tx.ExecOptional(kCheckHash, producer, shard, pos);
    hash.reset();
    if (row) hash = static_cast<uint64_t>((*row)[0].as<int64_t>());
    return absl::OkStatus();
  }));
  return hash;
}

absl::StatusOr<bool> AnyEpochOpen(db::Database& database) {
  bool open = true;
  RETURN_IF_ERROR(database.ReadOne("epoch_open", [&](db::Tx& tx) {
    open = tx.Exec(kAnyOpen)[0][0].as<bool>();
    return absl::OkStatus();
  }));
  return open;
}

absl::StatusOr<int64_t> AcceptEpochs(db::Database& database, const std::string& producer,
                                     std::string_view reason) {
  int64_t accepted = 0;
  RETURN_IF_ERROR(database.Write("accept_epochs", [&](db::Tx& tx) {
    accepted = tx.ExecCount(kAccept, producer, reason);
    return absl::OkStatus();
  }));
  return accepted;
}

absl::StatusOr<bool> HasEvent(db::Database& database, const platform::v1::LedgerEvent& event) {
  bool has = false;
  RETURN_IF_ERROR(database.Read("has_event", [&](db::Tx& tx) {
    const auto row = tx.ExecOptional(kEventAt, event.shard(), event.position());
    has = false;
    if (!row) return absl::OkStatus();
    platform::v1::LedgerEvent here = ledger::EventOf(*row);
    here.set_required(event.required());  // is the program's to say, not the ledger's
    has = google::protobuf::util::MessageDifferencer::Equals(here, event);
    return absl::OkStatus();
  }));
  return has;
}

namespace {

// Locked in shard order before they move, like a lane's.
const db::Statement kEnter("inbox_cursor_enter_epoch", R"(
  WITH wanted AS (
    SELECT * FROM unnest($2::smallint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                         $7::bigint[])
      AS w(shard, old_epoch, old_pos, epoch, pos, check_hash)
  ), locked AS (
    SELECT c.shard FROM inbox_cursor c WHERE c.producer = $1 ORDER BY c.shard FOR UPDATE
  )
  UPDATE inbox_cursor c SET epoch = w.epoch, pos = w.pos, check_hash = w.check_hash
  FROM wanted w JOIN locked l USING (shard)
  WHERE c.producer = $1 AND c.shard = w.shard AND c.epoch = w.old_epoch AND c.pos = w.old_pos)");

const db::Statement kForgetChecks("inbox_check_forget", R"(
  DELETE FROM inbox_check c USING unnest($2::bigint[]) WITH ORDINALITY AS k(pos, place)
  WHERE c.producer = $1 AND c.shard = k.place - 1 AND c.pos > k.pos)");

const db::Statement kRecord("inbox_epoch_insert", R"(
  INSERT INTO inbox_epoch AS e (producer, epoch, vanished, accepted_at, reason)
  VALUES ($1, $2::bigint, $3::bigint, CASE WHEN $3::bigint = 0 THEN clock_timestamp() END,
          CASE WHEN $3::bigint = 0 THEN 'nothing of what was applied here vanished' ELSE '' END)
  ON CONFLICT (producer, epoch) DO UPDATE
  SET vanished = e.vanished + EXCLUDED.vanished,
      accepted_at = CASE WHEN EXCLUDED.vanished = 0 THEN e.accepted_at END)");

}  // namespace

bool EnterEpoch(db::Tx& tx, const std::string& producer, const InboxState& before,
                const EpochEntry& entry) {
  std::vector<db::Param> shards, old_epochs, old_positions, epochs, positions, hashes;
  std::vector<int64_t> kept;
  for (int shard = 0; shard < kShards; ++shard) {
    const InboxState::Cursor& next = entry.cursors[shard];
    shards.emplace_back(shard);
    old_epochs.emplace_back(before.cursors[shard].epoch);
    old_positions.emplace_back(before.cursors[shard].pos);
    epochs.emplace_back(next.epoch);
    positions.emplace_back(next.pos);
    hashes.emplace_back(static_cast<int64_t>(next.check_hash));
    kept.push_back(next.pos);
  }
  if (tx.ExecCount(kEnter, producer, db::Array(shards), db::Array(old_epochs),
                   db::Array(old_positions), db::Array(epochs), db::Array(positions),
                   db::Array(hashes)) != kShards) {
    return false;
  }
  tx.Exec(kForgetChecks, producer, db::ArrayOf(kept));
  tx.Exec(kRecord, producer, entry.epoch, entry.vanished);
  return true;
}

namespace {

const db::Statement kDropLetters("dead_letter_vanish", R"(
  WITH gone AS (
    DELETE FROM dead_letter d USING unnest($2::bigint[]) WITH ORDINALITY AS k(pos, place)
    WHERE d.producer = $1 AND d.shard = k.place - 1 AND d.pos > k.pos
    RETURNING d.producer, d.epoch, d.shard, d.pos
  )
  INSERT INTO dead_letter_decision (producer, epoch, shard, pos, decision, reason, actor)
  SELECT producer, epoch, shard, pos, 'DISCARDED', 'the event vanished in a restore', $3 FROM gone)");

const db::Statement kUnparkIdle("parked_remove_idle", R"(
  DELETE FROM parked p
  WHERE p.producer = $1 AND NOT EXISTS (
    SELECT FROM dead_letter d WHERE d.producer = p.producer AND d.aggregate_id = p.aggregate_id))");

}  // namespace

void DropVanishedLetters(db::Tx& tx, const Rewind& rewind) {
  const std::vector<int64_t> kept(rewind.kept.begin(), rewind.kept.end());
  tx.Exec(kDropLetters, rewind.producer, db::ArrayOf(kept), fmt::format("epoch {}", rewind.epoch));
  tx.Exec(kUnparkIdle, rewind.producer);
}

namespace {

const db::Statement kLockCounters(
    "outbox_shard_lock", "SELECT shard, last_pos FROM outbox_shard ORDER BY shard FOR UPDATE");

const db::Statement kLockIdentity("log_identity_lock", "SELECT epoch FROM log_identity FOR UPDATE");

const db::Statement kLiveLease("lease_live", R"(
  SELECT name || ' (' || owner || ')' FROM lease WHERE until > clock_timestamp()
  ORDER BY name LIMIT 1)");

const db::Statement kRaise("log_identity_raise", "UPDATE log_identity SET epoch = $1::bigint");

const db::Statement kInsertEpoch("log_epoch_insert",
                                 "INSERT INTO log_epoch (epoch, reason) VALUES ($1::bigint, $2)");

const db::Statement kInsertKept("log_epoch_shard_insert", R"(
  INSERT INTO log_epoch_shard (epoch, shard, kept_pos)
  SELECT $1::bigint, place - 1, pos FROM unnest($2::bigint[]) WITH ORDINALITY AS k(pos, place))");

const db::Statement kInsertVanished("log_vanished_insert", R"(
  INSERT INTO log_vanished (epoch, shard, pos, event_id, type, subject, event)
  VALUES ($1::bigint, $2::smallint, $3::bigint, $4::uuid, $5, $6, $7::bytea))");

// Of the service itself: what it did after the backup, such as sending, is forgotten too.
const db::Statement kOpenOwn("inbox_epoch_open_own", R"(
  INSERT INTO inbox_epoch (producer, epoch, vanished) VALUES ($1, $2::bigint, $3::bigint))");

}  // namespace

LedgerHead LockHead(db::Tx& tx) {
  LedgerHead head;
  for (const auto& row : tx.Exec(kLockCounters)) {
    head.last[row[0].as<size_t>()] = row[1].as<int64_t>();
  }
  head.epoch = tx.Exec(kLockIdentity)[0][0].as<int64_t>();
  return head;
}

std::string LiveLease(db::Tx& tx) {
  const auto row = tx.ExecOptional(kLiveLease);
  return row ? db::AsText((*row)[0]) : "";
}

void InsertEpoch(db::Tx& tx, const std::string& service, int64_t epoch, const ShardPositions& kept,
                 std::string_view reason, const std::vector<platform::v1::LedgerEvent>& vanished) {
  tx.Exec(kInsertEpoch, epoch, reason);
  tx.Exec(kInsertKept, epoch, db::ArrayOf(std::vector<int64_t>(kept.begin(), kept.end())));
  for (const platform::v1::LedgerEvent& event : vanished) {
    tx.Exec(kInsertVanished, epoch, event.shard(), event.position(), event.event_id(), event.type(),
            event.subject(), db::Bytes(event.SerializeAsString()));
  }
  tx.Exec(kOpenOwn, service, epoch, vanished.size());
  tx.Exec(kRaise, epoch);
}

}  // namespace ieum::flow
