// What can be done with imports. A chunk is one command: whatever of it is written is written at
// once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/registry/imports/import.h"
#include "services/registry/people/similarity.h"

namespace ieum::registry {

// For which centres the caller holds a permission.
using ScopeOf = absl::FunctionRef<base::Scope(std::string_view permission)>;

// An import as asked for, not stored. INVALID_FIELD for a centre that the caller does not act for;
// PERMISSION_DENIED when he may not register what its rows are.
absl::StatusOr<ImportJob> PlannedImport(ledger::UnitOfWork& work, const v1::Import& wanted,
                                        ScopeOf scope_of);

struct StartImportInput {
  std::optional<base::Uuid> id;  // chosen by the caller
  v1::Import import;
};
// ID_TAKEN, IMPORT_RUNNING, and what PlannedImport refuses. `job`: the import, of a rehearsal too.
absl::StatusOr<ledger::Done> StartImport(ledger::UnitOfWork& work, const StartImportInput& input,
                                         ScopeOf scope_of, ImportJob* job);

struct TakeChunkInput {
  // nullopt: a rehearsal of an import that is not there; the request says what it would be.
  std::optional<base::Uuid> import;
  const v1::UploadImportRowsRequest& request;
  std::string rows_hash;
  MatchRules rules;
};
// `results`: what became of the rows; nothing of a chunk that had come before.
absl::StatusOr<ledger::Done> TakeChunk(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                       const TakeChunkInput& input, ScopeOf scope_of,
                                       std::vector<RowResult>* results);

struct CompleteImportInput {
  base::Uuid id;
  std::string etag;
  int chunks = 0;
};
absl::StatusOr<ledger::Done> CompleteImport(ledger::UnitOfWork& work,
                                            const CompleteImportInput& input);

}  // namespace ieum::registry
