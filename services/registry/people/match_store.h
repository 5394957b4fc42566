// The table `person_match_key`: under which keyed hashes a person is found again. Rows know no
// centre: whoever reads them here learns ids that the caller may not see, and says so to nobody.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "platform/crypto/vault.h"
#include "platform/db/tx.h"
#include "services/registry/people/match_keys.h"

namespace ieum::registry {

// Parameters of a statement.
struct HashedKeys {
  db::Param kinds, hashes;
};
HashedKeys HashKeys(const crypto::Vault& vault, const std::vector<MatchKey>& keys);

// Makes the person's keys what KeysOf says; a phone number that she had stays as a former one.
void PutMatchKeys(db::Tx& tx, const crypto::Vault& vault, const Person& person);

// Keys of one person, hashed before they are written.
struct KeysToKeep {
  base::Uuid person;
  std::vector<db::Param> kinds, hashes;
};
KeysToKeep HashKept(const crypto::Vault& vault, const base::Uuid& person,
                    const std::vector<MatchKey>& keys);
// Those of new persons, who have no keys yet, in one statement.
void InsertMatchKeys(db::Tx& tx, const std::vector<const KeysToKeep*>& all);

// Whether she is found by this number as one that she had before; no longer from now on.
bool HasFormerPhone(db::Tx& tx, const crypto::Vault& vault, const base::Uuid& person,
                    const std::string& phone);
void DropFormerPhone(db::Tx& tx, const crypto::Vault& vault, const base::Uuid& person,
                     const std::string& phone);

// Whoever else wants to register a person with one of these keys without asking waits until this
// transaction ends.
void HoldKeys(db::Tx& tx, const crypto::Vault& vault, const Person& person);
// Whoever else wants to register anybody without asking waits: for who brings many at once, whose
// keys are more than the database has locks for.
void HoldAllKeys(db::Tx& tx);

// Who was found under the keys of one person, and by which kinds of them.
using Findings = std::map<base::Uuid, std::set<MatchKind>>;
// For each of these lists of keys who is kept under them, at most kBlock persons of one key: more
// of them say nothing about anybody.
inline constexpr int kBlock = 60;
std::vector<Findings> FindByKeys(db::Tx& tx, const crypto::Vault& vault,
                                 const std::vector<std::vector<MatchKey>>& keys);
// The same in two steps: hashing asks nobody.
struct KeysToFind {
  size_t lists = 0, keys = 0;
  db::Param list_of = std::nullopt, kinds = std::nullopt, hashes = std::nullopt;  // of each key
};
KeysToFind HashSought(const crypto::Vault& vault, const std::vector<std::vector<MatchKey>>& keys);
std::vector<Findings> FindByKeys(db::Tx& tx, const KeysToFind& sought);

}  // namespace ieum::registry
