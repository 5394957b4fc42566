// The tables `consent`, of which rows are only ever added, and `consent_head`, which says where
// each matter stands. The head of a person's matter is read and written under the lock of the
// person's aggregate, so that what a gate has read holds until its transaction ends.
#pragma once

#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/consents/consent.h"

namespace ieum::registry {

// Adds the entry and makes it the head of its matter. False when its id is taken.
bool AddEntry(db::Tx& tx, const Consent& entry);
// Notes that the confirmation of a head was called for.
void SaveConfirmations(db::Tx& tx, const ConsentHead& head);

// Of these persons, who were found in the caller's scope; by person, purpose and recipient.
std::vector<ConsentHead> FindHeads(db::Tx& tx, const std::vector<base::Uuid>& persons);

// Where each matter stands with all that each of these persons, who stand for themselves, said
// under any record of hers, in the same order; `person_id` is the person.
std::vector<ConsentHead> FindStandingHeads(db::Tx& tx, const std::vector<base::Uuid>& persons,
                                           absl::Time now);

// Heads about which something is to be written down at `now`, the longest due first.
std::vector<ConsentHead> DueHeads(db::Tx& tx, absl::Time now, int limit);
int64_t CountDueHeads(db::Tx& tx, absl::Time now);

// An entry as answered.
struct ConsentView {
  Consent consent;
  bool current = false;
};
std::optional<ConsentView> FindConsentView(db::Tx& tx, const base::Scope& scope,
                                           const base::Uuid& id);
// What was said at once, by purpose.
std::vector<ConsentView> FindAct(db::Tx& tx, const base::Scope& scope, const base::Uuid& act);
const filter::ListSpec& ConsentList();
ConsentView ReadConsentView(const db::Row& row);

}  // namespace ieum::registry
