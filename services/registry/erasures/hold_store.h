// The table `legal_hold`.
#pragma once

#include <optional>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/erasures/erasure.h"

namespace ieum::registry {

// False when the id is taken.
bool InsertHold(db::Tx& tx, const LegalHold& hold);
void SaveRelease(db::Tx& tx, const base::Scope& scope, const LegalHold& hold);

// A hold as answered, with its version.
struct LegalHoldView {
  LegalHold hold;
  int64_t version = 0;
};
std::optional<LegalHoldView> FindHold(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);
// The reasons for which her data were held and no longer are; nothing else of the holds.
void ForgetHoldWords(db::Tx& tx, const base::Uuid& person);
const filter::ListSpec& LegalHoldList();
LegalHoldView ReadHoldView(const db::Row& row);

}  // namespace ieum::registry
