// Numbered, forward-only SQL files, each applied once in its own transaction under an advisory
// lock; the checksum of an applied file must never change.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace ieum::db {

struct Migration {
  std::string name;  // "0001_ledger"
  std::string sql;
};
using MigrationSet = std::vector<Migration>;

class Database;

// Applies what is missing of each named set, in the order given ("platform" before the service's).
// FAILED_PRECONDITION when an applied file was changed, or the database knows a newer one.
// Returns how many were applied.
absl::StatusOr<int> Migrate(Database& database, const std::string& set_name,
                            const MigrationSet& set);

// OK when exactly this set is applied; FAILED_PRECONDITION saying which schema version is there,
// which is needed, and the command that brings it.
absl::Status CheckSchema(Database& database, const std::string& set_name, const MigrationSet& set);

}  // namespace ieum::db
