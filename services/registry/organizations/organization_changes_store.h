// What each change of an organization made of its fields, from the versions that the database
// keeps.
#pragma once

#include <map>
#include <vector>

#include "platform/db/tx.h"
#include "platform/ledger/field_changes.h"

namespace ieum::registry {

// By version of the organization; one whose versions were not kept is left out. Facts, labels and
// terms stand under `facts[2023-03-14].`, `labels[CODE 2023-03-14].`, `council_terms[2023-03-14].`.
std::map<int64_t, std::vector<ledger::FieldChange>> FieldChangesOf(
    db::Tx& tx, const base::Uuid& organization, const std::vector<int64_t>& versions);

}  // namespace ieum::registry
