#include "tools/backup/rotation_store.h"

namespace ieum::backup {
namespace {

const db::Statement kCount("wrapping_key_count", R"(
  SELECT coalesce(p.key_id, w.id, ''), coalesce(p.persons, 0), w.retired_at IS NOT NULL
  FROM (SELECT key_id, count(*) AS persons
        FROM (SELECT key_id FROM person_key WHERE wrapped <> ''
              UNION ALL SELECT key_id FROM person_key_apart WHERE has_key) held
        GROUP BY key_id) p
  FULL JOIN wrapping_key w ON w.id = p.key_id)");

const db::Statement kName("wrapping_key_name", R"(
  INSERT INTO wrapping_key (id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING)");

const db::Statement kLockOthers("person_key_lock_others", R"(
  SELECT person_id, wrapped, coalesce(key_id, '') FROM person_key
  WHERE person_id > $2::uuid AND wrapped <> '' AND key_id IS DISTINCT FROM $1::text
  ORDER BY person_id LIMIT $3::bigint FOR UPDATE)");

// Few, and never behind the place where the others are: each is done once it was locked.
const db::Statement kLockOthersApart("person_key_lock_others_apart", R"(
  SELECT person_id, wrapped, coalesce(key_id, '') FROM person_key_apart
  WHERE has_key AND key_id IS DISTINCT FROM $1::text
  ORDER BY person_id LIMIT $2::bigint FOR UPDATE)");

// An erased person's key stays erased, and one that is kept apart stays there.
const db::Statement kSave("person_key_save_wrapped", R"(
  UPDATE person_key p SET wrapped = n.wrapped, key_id = n.key_id
  FROM unnest($1::uuid[], $2::bytea[], $3::text[]) AS n(person_id, wrapped, key_id)
  WHERE p.person_id = n.person_id AND p.wrapped <> '')");

const db::Statement kSaveApart("person_key_save_wrapped_apart", R"(
  UPDATE person_key_apart p SET wrapped = n.wrapped, key_id = n.key_id
  FROM unnest($1::uuid[], $2::bytea[], $3::text[]) AS n(person_id, wrapped, key_id)
  WHERE p.person_id = n.person_id AND p.has_key)");

constexpr char kLockTable[] = "LOCK TABLE person_key, person_key_apart IN SHARE ROW EXCLUSIVE MODE";

const db::Statement kCountOthers("person_key_count_others", R"(
  SELECT (SELECT count(*) FROM person_key
          WHERE wrapped <> '' AND key_id IS DISTINCT FROM $1::text)
       + (SELECT count(*) FROM person_key_apart
          WHERE has_key AND key_id IS DISTINCT FROM $1::text))");

const db::Statement kRetire("wrapping_key_retire", R"(
  INSERT INTO wrapping_key (id, retired_at) SELECT unnest($1::text[]), clock_timestamp()
  ON CONFLICT (id) DO UPDATE SET retired_at = coalesce(wrapping_key.retired_at, clock_timestamp()))");

}  // namespace

std::vector<KeyCount> CountByKey(db::Tx& tx) {
  std::vector<KeyCount> counts;
  for (const auto& row : tx.Exec(kCount)) {
    counts.push_back({db::AsText(row[0]), row[1].as<int64_t>(), row[2].as<bool>()});
  }
  return counts;
}

void NameKeys(db::Tx& tx, const std::vector<std::string>& key_ids) {
  tx.Exec(kName, db::ArrayOf(key_ids));
}

std::vector<WrappedPerson> LockOthers(db::Tx& tx, const std::string& newest,
                                      const base::Uuid& after, int limit) {
  std::vector<WrappedPerson> persons;
  const auto read = [&](const db::Rows& rows) {
    for (const auto& row : rows) {
      persons.push_back({db::AsUuid(row[0]), db::AsBytes(row[1]), db::AsText(row[2])});
    }
  };
  read(tx.Exec(kLockOthersApart, newest, limit));
  read(tx.Exec(kLockOthers, newest, after, limit));
  return persons;
}

void SaveWrapped(db::Tx& tx, const std::vector<WrappedPerson>& persons) {
  std::vector<db::Param> ids, boxes, keys;
  for (const WrappedPerson& person : persons) {
    ids.emplace_back(person.person);
    boxes.push_back(db::Bytes(person.wrapped));
    keys.emplace_back(person.key_id);
  }
  tx.Exec(kSave, db::Array(ids), db::Array(boxes), db::Array(keys));
  tx.Exec(kSaveApart, db::Array(ids), db::Array(boxes), db::Array(keys));
}

void LockPersonKeys(db::Tx& tx) { tx.RunScript(kLockTable); }

int64_t CountOthers(db::Tx& tx, const std::string& newest) {
  return tx.Exec(kCountOthers, newest)[0][0].as<int64_t>();
}

void MarkRetired(db::Tx& tx, const std::vector<std::string>& key_ids) {
  tx.Exec(kRetire, db::ArrayOf(key_ids));
}

}  // namespace ieum::backup
