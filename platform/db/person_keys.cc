#include "platform/db/person_keys.h"

#include "platform/base/status.h"

namespace ieum::db {
namespace {

const Statement kSelect(
    "person_key_select",
    "SELECT person_id, wrapped FROM person_key WHERE person_id = ANY($1::uuid[])");

const Statement kHeld("person_key_held", R"(
  SELECT k.person_id FROM person_key k WHERE k.person_id = ANY($1::uuid[])
    AND (k.wrapped <> ''
         OR EXISTS (SELECT FROM person_key_apart a WHERE a.person_id = k.person_id AND a.has_key)))");

const Statement kApart("person_key_is_apart",
                       "SELECT person_id FROM person_key_apart WHERE person_id = $1");

const Statement kInsert("person_key_insert", R"(
  INSERT INTO person_key (person_id, wrapped, key_id)
  SELECT $1::uuid, $2::bytea, $3::text
  WHERE NOT EXISTS (SELECT FROM wrapping_key WHERE id = $3::text AND retired_at IS NOT NULL)
  ON CONFLICT (person_id) DO NOTHING)");

const Statement kInsertAll("person_key_insert_all", R"(
  INSERT INTO person_key (person_id, wrapped, key_id)
  SELECT made.person_id, made.wrapped, made.key_id
  FROM unnest($1::uuid[], $2::bytea[], $3::text[]) AS made(person_id, wrapped, key_id)
  WHERE NOT EXISTS (SELECT FROM wrapping_key w WHERE w.id = made.key_id AND w.retired_at IS NOT NULL)
  ON CONFLICT (person_id) DO NOTHING)");

const Statement kRetired(
    "person_key_retired",
    "SELECT 1 FROM wrapping_key WHERE id = ANY($1::text[]) AND retired_at IS NOT NULL LIMIT 1");

const Statement kDestroy("person_key_destroy", R"(
  UPDATE person_key SET wrapped = NULL, destroyed_at = $2::timestamptz
  WHERE person_id = $1 AND wrapped IS NOT NULL)");

absl::Status Erased() {
  return base::Forbidden("PERSON_ERASED", "the person's data was erased and cannot come back");
}

}  // namespace

absl::StatusOr<crypto::Key> PersonKeys::Get(Tx& tx, const base::Uuid& person) const {
  return std::move(GetAll(tx, {person}).at(person));
}

absl::flat_hash_map<base::Uuid, absl::StatusOr<crypto::Key>> PersonKeys::GetAll(
    Tx& tx, const std::vector<base::Uuid>& persons) const {
  absl::flat_hash_map<base::Uuid, absl::StatusOr<crypto::Key>> keys;
  for (const auto& row : tx.Exec(kSelect, ArrayOf(persons))) {
    const base::Uuid person = AsUuid(row[0]);
    const std::string wrapped = row[1].is_null() ? "" : AsBytes(row[1]);
    keys.emplace(person, wrapped.empty() ? absl::StatusOr<crypto::Key>(Erased())
                                         : vault_.Unwrap(person, wrapped));
  }
  for (const base::Uuid& person : persons) {
    if (!keys.contains(person))
      keys.emplace(person, base::NotFound("persons/" + person.ToString()));
  }
  return keys;
}

absl::StatusOr<crypto::Key> PersonKeys::GetOrCreate(Tx& tx, const base::Uuid& person) const {
  // A concurrent creator wins by the primary key; whoever comes second reads the winner's key.
  const auto insert = [&] {
    const crypto::WrappedKey fresh = vault_.NewKey(person);
    tx.Exec(kInsert, person, Bytes(fresh.box), fresh.key_id);
    return Get(tx, person);
  };
  auto key = insert();
  // Our wrapping key was retired since this process read its file.
  if (absl::IsNotFound(key.status()) && vault_.ReadAgain()) key = insert();
  if (!absl::IsNotFound(key.status())) return key;
  return absl::InternalError("the wrapping key of this process was retired; its file has no newer");
}

absl::StatusOr<std::vector<crypto::Key>> PersonKeys::CreateAll(
    Tx& tx, const std::vector<base::Uuid>& persons) const {
  std::vector<crypto::Key> keys;
  std::vector<Param> boxes, ids;
  for (const base::Uuid& person : persons) {
    const crypto::WrappedKey fresh = vault_.NewKey(person);
    ASSIGN_OR_RETURN(crypto::Key key, vault_.Unwrap(person, fresh.box));
    keys.push_back(std::move(key));
    boxes.push_back(Bytes(fresh.box));
    ids.emplace_back(fresh.key_id);
  }
  const int64_t made = tx.ExecCount(kInsertAll, ArrayOf(persons), Array(boxes), Array(ids));
  if (made == static_cast<int64_t>(persons.size())) return keys;
  // Our wrapping key was retired since this process read its file: the next run has the newer one.
  if (!tx.Exec(kRetired, Array(ids)).empty() && !vault_.ReadAgain()) {
    return absl::InternalError(
        "the wrapping key of this process was retired; its file has no newer");
  }
  Conflict();
}

bool PersonKeys::IsApart(Tx& tx, const base::Uuid& person) {
  return tx.ExecOptional(kApart, person).has_value();
}

std::set<base::Uuid> PersonKeys::HeldOf(Tx& tx, const std::vector<base::Uuid>& persons) const {
  std::set<base::Uuid> held;
  for (const auto& row : tx.Exec(kHeld, ArrayOf(persons))) held.insert(AsUuid(row[0]));
  return held;
}

bool PersonKeys::Destroy(Tx& tx, const base::Uuid& person, absl::Time at) const {
  return tx.ExecCount(kDestroy, person, at) == 1;
}

}  // namespace ieum::db
