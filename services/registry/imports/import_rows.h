// The rows of one chunk, of firms or of people: read and judged as if each were registered alone,
// one after the other, and written together. Inside of the room.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/unit_of_work.h"
#include "services/registry/imports/import.h"
#include "services/registry/people/similarity.h"

namespace ieum::registry {

using RowsToImport = google::protobuf::RepeatedPtrField<v1::RowToImport>;

// Locks `chunk` and what the rows change, decides, appends the events and writes what the rows
// make; answers what became of each, in their order. `job` is of the kind.
absl::StatusOr<std::vector<RowResult>> ImportFirms(ledger::UnitOfWork& work, const ImportJob& job,
                                                   const base::Uuid& chunk,
                                                   const RowsToImport& rows);
absl::StatusOr<std::vector<RowResult>> ImportPeople(ledger::UnitOfWork& work,
                                                    const db::PersonKeys& keys,
                                                    const MatchRules& rules, const ImportJob& job,
                                                    const base::Uuid& chunk,
                                                    const RowsToImport& rows);

}  // namespace ieum::registry
