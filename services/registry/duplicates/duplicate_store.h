// The tables `duplicate_pair` and `duplicate_scan`.
#pragma once

#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/duplicates/duplicate_pair.h"

namespace ieum::registry {

// Of pairs that are not there yet. False when the two have one under another id: it was a merged
// person's.
bool InsertPair(db::Tx& tx, const DuplicatePair& pair);
void SaveDecision(db::Tx& tx, const base::Scope& scope, const DuplicatePair& pair);
// Open pairs of a person, whatever their centre.
std::vector<DuplicatePair> OpenPairsOf(db::Tx& tx, const base::Uuid& person);
// Those of these pairs that were found before, whatever was decided.
std::vector<base::Uuid> KnownPairs(db::Tx& tx, const std::vector<base::Uuid>& ids);

// A pair as answered, with its version.
struct DuplicatePairView {
  DuplicatePair pair;
  int64_t version = 0;
};
std::optional<DuplicatePairView> FindPair(db::Tx& tx, const base::Scope& scope,
                                          const base::Uuid& id);
const filter::ListSpec& DuplicatePairList();
DuplicatePairView ReadPairView(const db::Row& row);

// False when one is running.
bool InsertScan(db::Tx& tx, const DuplicateScan& scan);
void SaveScan(db::Tx& tx, const DuplicateScan& scan);
std::optional<DuplicateScan> RunningScan(db::Tx& tx);
struct DuplicateScanView {
  DuplicateScan scan;
  int64_t version = 0;
};
std::optional<DuplicateScanView> FindScan(db::Tx& tx, const base::Uuid& id);

int64_t CountPersons(db::Tx& tx);
// The next ones behind `last`, by id, of every centre.
struct PersonToScan {
  base::Uuid id;
  int match_form = 0;  // by which rules her keys were made
};
std::vector<PersonToScan> PersonsBehind(db::Tx& tx, const base::Uuid& last, int count);

}  // namespace ieum::registry
