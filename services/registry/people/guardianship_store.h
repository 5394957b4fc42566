// The table `guardianship`, of persons who were found with the scope.
#pragma once

#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/db/tx.h"
#include "services/registry/people/guardianship.h"

namespace ieum::registry {

// Of those of these persons who have one; one whose data were erased is none.
std::map<base::Uuid, Guardian> FindGuardians(db::Tx& tx, const std::vector<base::Uuid>& persons);

// Ends whatever holds, and writes the guardian that the person has now, if any; `id`: of a new row.
void PutGuardian(db::Tx& tx, const Person& person, const base::Uuid& id, absl::Time now);

// What is known of a person's birth; nothing where nothing is sealed. A fault of the vault.
absl::StatusOr<Birth> FindBirth(db::Tx& tx, const db::PersonKeys& keys, const base::Uuid& person);

}  // namespace ieum::registry
