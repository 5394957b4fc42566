#include "platform/erasure/erasure_store.h"

#include "platform/base/timestamp.h"

namespace ieum::erasure {
namespace {

// Waits for whoever makes a key just now, and is told that there is one.
const db::Statement kBarKey("erasure_bar_key", R"(
  INSERT INTO person_key (person_id, wrapped, destroyed_at) VALUES ($1, NULL, $2::timestamptz)
  ON CONFLICT (person_id) DO NOTHING)");

// Whether there was one: '' stands for one that is kept apart, or for none that may be made.
const db::Statement kDestroyKey("erasure_destroy_key", R"(
  WITH had AS (
    SELECT k.person_id, k.wrapped <> '' OR EXISTS (
      SELECT FROM person_key_apart a WHERE a.person_id = k.person_id AND a.has_key) AS one
    FROM person_key k WHERE k.person_id = $1 AND k.wrapped IS NOT NULL FOR UPDATE),
  gone AS (
    UPDATE person_key k SET wrapped = NULL, destroyed_at = $2::timestamptz
    FROM had WHERE k.person_id = had.person_id)
  SELECT one FROM had)");

const db::Statement kNote("erasure_note", R"(
  INSERT INTO person_erasure (person_id, erasure_id, erased_at, key_destroyed, told_at)
  VALUES ($1, $2, $3::timestamptz, $4, CASE WHEN $5::boolean THEN clock_timestamp() END)
  ON CONFLICT (person_id) DO UPDATE SET erasure_id = EXCLUDED.erasure_id,
    erased_at = EXCLUDED.erased_at, destroyed_at = EXCLUDED.destroyed_at,
    key_destroyed = EXCLUDED.key_destroyed, told_at = EXCLUDED.told_at
  WHERE person_erasure.erasure_id <> EXCLUDED.erasure_id)");

const db::Statement kUntold("erasure_untold", R"(
  SELECT person_id, erasure_id, erased_at, key_destroyed, destroyed_at FROM person_erasure
  WHERE told_at IS NULL ORDER BY destroyed_at LIMIT $1)");

const db::Statement kCountUntold("erasure_count_untold",
                                 "SELECT count(*) FROM person_erasure WHERE told_at IS NULL");

const db::Statement kNoteTold(
    "erasure_note_told",
    "UPDATE person_erasure SET told_at = clock_timestamp() WHERE person_id = $1");

const db::Statement kNewest("erasure_newest", R"(
  SELECT erasure_id, erased_at, destroyed_at,
         (SELECT count(*) FROM person_erasure WHERE told_at IS NULL)
  FROM person_erasure ORDER BY destroyed_at DESC LIMIT 1)");

}  // namespace

bool DestroyKey(db::Tx& tx, const Erasure& erasure) {
  if (tx.ExecCount(kBarKey, erasure.person_id, erasure.erased_at) == 1) return false;
  const auto had = tx.ExecOptional(kDestroyKey, erasure.person_id, erasure.erased_at);
  return had && (*had)[0].as<bool>();
}

void NoteDestroyed(db::Tx& tx, const Erasure& erasure, bool key_destroyed, bool told) {
  tx.Exec(kNote, erasure.person_id, erasure.erasure_id, erasure.erased_at, key_destroyed, told);
}

std::vector<Destroyed> Untold(db::Tx& tx, int limit) {
  std::vector<Destroyed> untold;
  for (const auto& row : tx.Exec(kUntold, limit)) {
    untold.push_back({{db::AsUuid(row[0]), db::AsUuid(row[1]), db::AsTime(row[2])},
                      row[3].as<bool>(),
                      db::AsTime(row[4])});
  }
  return untold;
}

int64_t CountUntold(db::Tx& tx) { return tx.Exec(kCountUntold)[0][0].as<int64_t>(); }

void NoteTold(db::Tx& tx, const base::Uuid& person) { tx.Exec(kNoteTold, person); }

std::optional<platform::v1::ErasureProgress> ReadProgress(db::Tx& tx) {
  const auto row = tx.ExecOptional(kNewest);
  if (!row) return std::nullopt;
  platform::v1::ErasureProgress progress;
  progress.set_erasure_id(db::AsUuid((*row)[0]).ToString());
  *progress.mutable_erase_time() = base::ToTimestamp(db::AsTime((*row)[1]));
  *progress.mutable_destroy_time() = base::ToTimestamp(db::AsTime((*row)[2]));
  progress.set_unconfirmed((*row)[3].as<int64_t>());
  return progress;
}

}  // namespace ieum::erasure
