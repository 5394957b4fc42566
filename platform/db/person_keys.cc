#include "platform/db/person_keys.h"

#include "platform/base/status.h"

namespace ieum::db {
namespace {

const Statement kSelect("person_key_select", "SELECT wrapped FROM person_key WHERE person_id = $1");

const Statement kInsert("person_key_insert", R"(
  INSERT INTO person_key (person_id, wrapped) VALUES ($1, $2::bytea)
  ON CONFLICT (person_id) DO NOTHING)");

const Statement kDestroy("person_key_destroy", R"(
  UPDATE person_key SET wrapped = NULL, destroyed_at = $2::timestamptz
  WHERE person_id = $1 AND wrapped IS NOT NULL)");

absl::Status Erased() {
  return base::Forbidden("PERSON_ERASED", "the person's data was erased and cannot come back");
}

}  // namespace

absl::StatusOr<crypto::Key> PersonKeys::Get(Tx& tx, const base::Uuid& person) const {
  auto row = tx.ExecOptional(kSelect, person);
  if (!row) return base::NotFound("persons/" + person.ToString());
  if ((*row)[0].is_null()) return Erased();
  return vault_.Unwrap(person, AsBytes((*row)[0]));
}

absl::StatusOr<crypto::Key> PersonKeys::GetOrCreate(Tx& tx, const base::Uuid& person) const {
  // A concurrent creator wins by the primary key; whoever comes second reads the winner's key.
  tx.Exec(kInsert, person, Bytes(vault_.NewWrappedKey(person)));
  return Get(tx, person);
}

bool PersonKeys::Destroy(Tx& tx, const base::Uuid& person, absl::Time at) const {
  return tx.ExecCount(kDestroy, person, at) == 1;
}

}  // namespace ieum::db
