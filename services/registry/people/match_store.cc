#include "services/registry/people/match_store.h"

namespace ieum::registry {
namespace {

constexpr size_t kHashBytes = 16;  // enough to tell all people apart, half of the index

// 4 and 5: a phone and a former phone.
const db::Statement kPut("match_key_put", R"(
  WITH wanted AS (
    SELECT w.kind, w.hash FROM unnest($2::smallint[], $3::bytea[]) AS w(kind, hash)
  ), gone AS (
    DELETE FROM person_match_key k
    WHERE k.person_id = $1::uuid AND k.kind <> 5
      AND NOT EXISTS (SELECT FROM wanted w WHERE w.kind = k.kind AND w.hash = k.hash)
    RETURNING k.kind, k.hash
  )
  INSERT INTO person_match_key (kind, hash, person_id)
  SELECT kind, hash, $1::uuid FROM wanted
  UNION
  SELECT 5::smallint, hash, $1::uuid FROM gone WHERE kind = 4
  ON CONFLICT DO NOTHING)");

const db::Statement kHasFormer("match_key_has_former", R"(
  SELECT 1 FROM person_match_key WHERE kind = 5 AND hash = $1::bytea AND person_id = $2)");

const db::Statement kDropFormer("match_key_drop_former", R"(
  DELETE FROM person_match_key WHERE kind = 5 AND hash = $1::bytea AND person_id = $2)");

const db::Statement kInsert("match_key_insert", R"(
  INSERT INTO person_match_key (kind, hash, person_id)
  SELECT m.kind, m.hash, m.person_id
  FROM unnest($1::smallint[], $2::bytea[], $3::uuid[]) AS m(kind, hash, person_id)
  ON CONFLICT DO NOTHING)");

const db::Statement kFind("match_key_find", R"(
  SELECT w.list, w.kind, m.person_id
  FROM unnest($1::int[], $2::smallint[], $3::bytea[]) AS w(list, kind, hash)
  CROSS JOIN LATERAL (
    SELECT k.person_id FROM person_match_key k WHERE k.kind = w.kind AND k.hash = w.hash
    ORDER BY k.person_id LIMIT $4) m)");

// In the order of their locks, so that two seldom wait for each other in a circle. Each has a share
// of the lock of all keys.
const db::Statement kHold("match_key_hold", R"(
  SELECT pg_advisory_xact_lock_shared(hashtextextended('match', 0))
  UNION ALL
  SELECT pg_advisory_xact_lock(k) FROM (
    SELECT DISTINCT hashtextextended('match/' || w.kind || '/' || encode(w.hash, 'hex'), 0) AS k
    FROM unnest($1::smallint[], $2::bytea[]) AS w(kind, hash) ORDER BY k OFFSET 0) locks)");

const db::Statement kHoldAll("match_key_hold_all",
                             "SELECT pg_advisory_xact_lock(hashtextextended('match', 0))");

// A former phone has the hash that it had as a phone.
const char* FieldOf(MatchKind kind) {
  switch (kind) {
    case MatchKind::kName:
      return "match/name";
    case MatchKind::kNameBirth:
      return "match/name_birth";
    case MatchKind::kNameTail:
      return "match/name_tail";
    case MatchKind::kPhone:
    case MatchKind::kFormerPhone:
      return "match/phone";
    case MatchKind::kEmail:
      return "match/email";
  }
  return "match/none";
}

db::Param HashOf(const crypto::Vault& vault, const MatchKey& key) {
  return db::Bytes(vault.BlindIndex(FieldOf(key.kind), key.text).substr(0, kHashBytes));
}

}  // namespace

HashedKeys HashKeys(const crypto::Vault& vault, const std::vector<MatchKey>& keys) {
  std::vector<db::Param> kinds, hashes;
  for (const MatchKey& key : keys) {
    kinds.emplace_back(key.kind);
    hashes.push_back(HashOf(vault, key));
  }
  return {db::Array(kinds), db::Array(hashes)};
}

void PutMatchKeys(db::Tx& tx, const crypto::Vault& vault, const Person& person) {
  const HashedKeys hashed = HashKeys(vault, KeysOf(person));
  tx.ExecLater(kPut, person.id, hashed.kinds, hashed.hashes);
}

bool HasFormerPhone(db::Tx& tx, const crypto::Vault& vault, const base::Uuid& person,
                    const std::string& phone) {
  return !tx.Exec(kHasFormer, HashOf(vault, {MatchKind::kFormerPhone, phone}), person).empty();
}

void DropFormerPhone(db::Tx& tx, const crypto::Vault& vault, const base::Uuid& person,
                     const std::string& phone) {
  tx.Exec(kDropFormer, HashOf(vault, {MatchKind::kFormerPhone, phone}), person);
}

KeysToKeep HashKept(const crypto::Vault& vault, const base::Uuid& person,
                    const std::vector<MatchKey>& keys) {
  KeysToKeep kept{.person = person, .kinds = {}, .hashes = {}};
  for (const MatchKey& key : keys) {
    kept.kinds.emplace_back(key.kind);
    kept.hashes.push_back(HashOf(vault, key));
  }
  return kept;
}

void InsertMatchKeys(db::Tx& tx, const std::vector<const KeysToKeep*>& all) {
  std::vector<db::Param> kinds, hashes, ids;
  for (const KeysToKeep* kept : all) {
    kinds.insert(kinds.end(), kept->kinds.begin(), kept->kinds.end());
    hashes.insert(hashes.end(), kept->hashes.begin(), kept->hashes.end());
    ids.insert(ids.end(), kept->kinds.size(), db::Param(kept->person));
  }
  tx.ExecLater(kInsert, db::Array(kinds), db::Array(hashes), db::Array(ids));
}

void HoldKeys(db::Tx& tx, const crypto::Vault& vault, const Person& person) {
  std::vector<MatchKey> keys = KeysOf(person);
  std::erase_if(keys, [](const MatchKey& key) { return key.kind == MatchKind::kName; });
  if (keys.empty()) return;
  const HashedKeys hashed = HashKeys(vault, keys);
  tx.Exec(kHold, hashed.kinds, hashed.hashes);
}

void HoldAllKeys(db::Tx& tx) { tx.Exec(kHoldAll); }

KeysToFind HashSought(const crypto::Vault& vault, const std::vector<std::vector<MatchKey>>& keys) {
  std::vector<db::Param> lists, kinds, hashes;
  for (size_t list = 0; list < keys.size(); ++list) {
    for (const MatchKey& key : keys[list]) {
      lists.emplace_back(list);
      kinds.emplace_back(key.kind);
      hashes.push_back(HashOf(vault, key));
    }
  }
  return {keys.size(), lists.size(), db::Array(lists), db::Array(kinds), db::Array(hashes)};
}

std::vector<Findings> FindByKeys(db::Tx& tx, const KeysToFind& sought) {
  std::vector<Findings> findings(sought.lists);
  if (sought.keys == 0) return findings;
  for (const auto& row : tx.Exec(kFind, sought.list_of, sought.kinds, sought.hashes, kBlock)) {
    findings[row[0].as<size_t>()][db::AsUuid(row[2])].insert(
        static_cast<MatchKind>(row[1].as<int>()));
  }
  return findings;
}

std::vector<Findings> FindByKeys(db::Tx& tx, const crypto::Vault& vault,
                                 const std::vector<std::vector<MatchKey>>& keys) {
  return FindByKeys(tx, HashSought(vault, keys));
}

}  // namespace ieum::registry
