// What can be done with two records of one person. Both are locked, so that nothing is said under
// one of them beside the merge: gates and withdrawals wait for it, and it for them. row:R4 row:R6
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/registry/merges/merge.h"

namespace ieum::registry {

struct MergePersonsInput {
  base::Uuid survivor;
  base::Uuid duplicate;
  std::vector<std::string> taken_fields;
  std::string reason;
  std::string survivor_etag, duplicate_etag;
};
absl::StatusOr<ledger::Done> MergePersons(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                          const MergePersonsInput& input);

struct UndoMergeInput {
  base::Uuid id;
  std::string reason;
  std::string etag;  // the survivor's
};
absl::StatusOr<ledger::Done> UndoMerge(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                       const UndoMergeInput& input);

}  // namespace ieum::registry
