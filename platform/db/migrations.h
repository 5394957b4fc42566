// Numbered, forward-only SQL files, each applied once in its own transaction under an advisory
// lock; the checksum of an applied file must never change.
//
// Releases roll over each other, so a file only adds: the programs of the release before go on with
// the schema that it leaves. What takes something away comes a release after the last program that
// needs it, in a file that begins with kContract; a program that does not know such a file stops.
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

inline constexpr char kContract[] = "-- contract";

class Database;

// Applies what is missing of each named set, in the order given ("platform" before the service's).
// FAILED_PRECONDITION when an applied file was changed, or the database knows one that this program
// does not; nothing is to do, and a warning says so, when the whole set is applied and a newer
// release has only added to it. Returns how many were applied.
absl::StatusOr<int> Migrate(Database& database, const std::string& set_name,
                            const MigrationSet& set);

// OK when this set is applied, and beside it nothing but what a newer release added;
// FAILED_PRECONDITION saying which schema version is there, which is needed, and the command that
// brings it.
absl::Status CheckSchema(Database& database, const std::string& set_name, const MigrationSet& set);

}  // namespace ieum::db
