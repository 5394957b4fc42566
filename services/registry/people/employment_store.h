// Employments among the rows of `affiliation`.
#pragma once

#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "services/registry/people/employment.h"

namespace ieum::registry {

// Of a person who was found with the scope, whoever the employers are; the earliest first.
std::vector<Affiliation> EmploymentsOf(db::Tx& tx, const base::Uuid& person);

// First and last day of an affiliation.
void SavePeriod(db::Tx& tx, const base::Scope& scope, const Affiliation& affiliation);

}  // namespace ieum::registry
