// How one person's data are destroyed within a use case that has locked all that is touched.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/registry/erasures/erasure.h"
#include "services/registry/people/person_store.h"

namespace ieum::registry {

struct Erasing {
  v1::ErasureReason reason = v1::ERASURE_REASON_UNSPECIFIED;
  std::string rule;
  std::optional<base::Uuid> run;
  std::vector<base::Uuid> locked;  // what LocksOf said
};

// Whom the caller keeps, whose data are there, in use or kept apart, and who stands for herself.
// NOT_FOUND, PERMISSION_DENIED, PERSON_ERASED, PERSON_MERGED.
absl::StatusOr<Owner> KeptPerson(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);

// The proof's id.
base::Uuid ErasureIdOf(const ledger::UnitOfWork& work, const base::Uuid& person);

// Everything that is to be locked for erasing these: themselves with whoever was merged into them,
// the proofs, open pairs, open moves. In order.
std::vector<base::Uuid> LocksOf(ledger::UnitOfWork& work, const std::vector<base::Uuid>& persons);

// Closes open pairs of this record of hers and cancels her open moves and changes that wait: nobody
// decides about whom he cannot see.
void EndWhatIsOpen(ledger::UnitOfWork& work, const base::Uuid& person, const Erasing& erasing);

// Destroys, in one go: the key, the rows' boxes, what she is found by; ends her affiliations, takes
// her consents back, closes her pairs, cancels her moves, takes out the words in which holds,
// merges and overridden gates gave reasons; writes the proof and tells it. The same for every
// record that was merged into hers. Obstacles were looked at.
void EraseLocked(ledger::UnitOfWork& work, const db::PersonKeys& keys, const base::Uuid& person,
                 const std::optional<base::Uuid>& centre, const Erasing& erasing);

// What of her would go and what would stay.
v1::Erasure PartsOf(db::Tx& tx, const base::Uuid& person, absl::Time now);

}  // namespace ieum::registry
