// The schemas of a service's database: brought up to date, looked at, waited for.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/db/database.h"
#include "platform/db/migrations.h"

namespace ieum::runtime {

using SchemaSets = std::vector<std::pair<std::string, db::MigrationSet>>;  // by name, in order

absl::Status CheckSchemas(db::Database& database, const SchemaSets& sets);

// An absent database is waited for and said so, at most `patience`; CANCELLED when the process is
// told to stop meanwhile. Any other answer is the schema's: waiting would not mend it.
absl::Status WaitForSchemas(db::Database& database, const SchemaSets& sets,
                            absl::Duration patience = absl::InfiniteDuration());

// The number of migrations applied. A database that does not answer is waited for as above.
absl::StatusOr<int> MigrateSchemas(db::Database& database, const SchemaSets& sets,
                                   absl::Duration patience);

}  // namespace ieum::runtime
