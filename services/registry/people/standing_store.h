// Who stands for whom. A record that lost in a merge leads to the survivor, and an id of it means
// her. What counts for a person counts under the lock of the survivor: whoever was asked about
// another record of hers holds that lock beside the record's own, see HoldSurvivors.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/scope.h"
#include "platform/base/uuid.h"
#include "platform/db/person_keys.h"
#include "platform/db/tx.h"
#include "services/registry/people/person.h"

namespace ieum::registry {

// Herself, or whom she was merged into, in any depth. An id that nobody has stands for itself.
base::Uuid StandsFor(db::Tx& tx, const base::Uuid& id);
// Of these persons those for whom somebody else stands, and who.
std::map<base::Uuid, base::Uuid> StoodFor(db::Tx& tx, const std::vector<base::Uuid>& ids);
// All records of a person who stands for herself: hers and those merged into it, in id order.
std::vector<base::Uuid> RecordsOf(db::Tx& tx, const base::Uuid& person);

// Of these persons, whose records are locked, those for whom somebody else stands, and who. The
// survivors are locked, too; where that goes against the order of locks and two wait for each
// other, the database ends one of them, which runs again.
std::map<base::Uuid, base::Uuid> HoldSurvivors(db::Tx& tx, const std::vector<base::Uuid>& ids);

// Behind the locks of persons who were found before them: starts the transaction again when one of
// them was erased or merged in between, so that nothing is hung on who is not there any more.
void RequireStanding(db::Tx& tx, const std::vector<base::Uuid>& ids);

// Who stands for a person, with her data. NOT_FOUND names who was asked for.
absl::StatusOr<Person> FindStanding(db::Tx& tx, const base::Scope& scope,
                                    const db::PersonKeys& keys, const base::Uuid& id);

// NOT_FOUND for one whose survivor the caller may not see, FAILED_PRECONDITION (PERSON_MERGED)
// naming her for any other one that lost in a merge.
absl::Status RequireUnmerged(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);

}  // namespace ieum::registry
