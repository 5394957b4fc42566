// The part of registering and changing a person that is about children and their guardians.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/unit_of_work.h"
#include "services/registry/people/guardianship.h"

namespace ieum::registry {

// Makes sure of what a caller wants of a person's birth and guardian, and fills in who verified the
// guardian and when. DATE_INVALID; GUARDIAN_MISSING for a child without one; of a guardian other
// than `before`: PERSON_UNKNOWN for one whom the caller does not see or whose data are erased,
// GUARDIAN_UNFIT. law:L08
absl::Status SettleChildhood(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                             const std::optional<Guardian>& before, Person* person);

// Keeps the guardian of a person who is stored and locked, and tells of one who was verified;
// nothing when it is the one of before.
void SaveGuardian(ledger::UnitOfWork& work, const std::optional<Guardian>& before,
                  const Person& person);

}  // namespace ieum::registry
