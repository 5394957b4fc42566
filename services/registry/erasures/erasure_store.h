// The tables `erasure_record` and `erasure_confirmation`, and what every room holds of a person: it
// is counted here and changed nowhere but in its own room.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/erasures/erasure.h"

namespace ieum::registry {

// Of a person found in scope.
Obstacles FindObstacles(db::Tx& tx, const base::Uuid& person, absl::CivilDay today);

struct KeptCounts {
  int64_t enrolments = 0;
  int64_t consent_entries = 0;
  int64_t receipts = 0;
  int64_t open_accounts = 0;
};
KeptCounts CountKept(db::Tx& tx, const base::Uuid& person);

// Of holds, merges, moves, overridden refusals and looks at what was kept apart of her those that
// give a reason in somebody's own words; of a merge that holds the survivor's alone says so.
int64_t CountFreeWords(db::Tx& tx, const base::Uuid& person);

// Gives the record its number and its hash. Whoever erases waits here for the one before.
void InsertRecord(db::Tx& tx, const ErasureRecord& record);
// False when the service has confirmed it before.
bool InsertConfirmation(db::Tx& tx, const base::Uuid& erasure, const Confirmation& confirmation);
std::map<base::Uuid, std::vector<Confirmation>> FindConfirmations(
    db::Tx& tx, const std::vector<base::Uuid>& erasures);

std::optional<ErasureRecord> FindRecord(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);
// Of a run, by the person's id.
std::vector<ErasureRecord> RecordsOfRun(db::Tx& tx, const base::Uuid& run);
const filter::ListSpec& ErasureList();
ErasureRecord ReadRecord(const db::Row& row);

}  // namespace ieum::registry
