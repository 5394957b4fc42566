#include "platform/db/migrations.h"

#include <algorithm>
#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/telemetry/log.h"

namespace ieum::db {
namespace {

// Any constant does; it only has to be the same for every migrating process.
const Statement kLock("migration_lock", "SELECT pg_advisory_xact_lock(4716205)");

const Statement kCreateTable("migration_create_table", R"(
  CREATE TABLE IF NOT EXISTS schema_migration (
    set_name   text NOT NULL,
    name       text NOT NULL,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (set_name, name)
  ))");

// to_regclass keeps this readable on an empty database.
const Statement kTableExists("migration_table_exists",
                             "SELECT to_regclass('schema_migration') IS NOT NULL");

std::string Checksum(const Migration& migration) {
  return absl::BytesToHexString(crypto::Hash(migration.sql));
}

std::map<std::string, std::string> Applied(Tx& tx, const std::string& set_name) {
  // Not a registered statement: it cannot be prepared before the table is there.
  std::map<std::string, std::string> applied;
  for (const auto& row : tx.RunDynamic(
           "SELECT name, checksum FROM schema_migration WHERE set_name = $1", {set_name})) {
    applied[AsText(row[0])] = AsText(row[1]);
  }
  return applied;
}

absl::Status CheckKnown(const std::string& set_name, const MigrationSet& set,
                        const std::map<std::string, std::string>& applied) {
  std::map<std::string, std::string> known;
  for (const Migration& migration : set) known[migration.name] = Checksum(migration);
  for (const auto& [name, checksum] : applied) {
    auto found = known.find(name);
    if (found == known.end()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the database has migration ", set_name, "/", name,
                       ", which this program does not know: it is older than the database; "
                       "run the newer program"));
    }
    if (found->second != checksum) {
      return absl::FailedPreconditionError(
          absl::StrCat("migration ", set_name, "/", name,
                       " was changed after it had been applied; restore the file and put the "
                       "change into a new one"));
    }
  }
  return absl::OkStatus();
}

// Applies the first file that is missing, if any; `applied_one` says whether there was one.
absl::Status ApplyNext(Tx& tx, const std::string& set_name, const MigrationSet& set,
                       bool* applied_one) {
  // A migration takes the time that it takes, and who comes second waits for it.
  tx.RunScript("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0");
  tx.Exec(kLock);
  tx.Exec(kCreateTable);
  const auto applied = Applied(tx, set_name);
  RETURN_IF_ERROR(CheckKnown(set_name, set, applied));
  const auto missing = std::find_if(set.begin(), set.end(), [&](const Migration& migration) {
    return applied.count(migration.name) == 0;
  });
  *applied_one = missing != set.end();
  if (!*applied_one) return absl::OkStatus();
  tx.RunScript(missing->sql);
  tx.RunDynamic("INSERT INTO schema_migration (set_name, name, checksum) VALUES ($1, $2, $3)",
                {set_name, missing->name, Checksum(*missing)});
  telemetry::Info("migration applied", {{"set", set_name}, {"migration", missing->name}});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int> Migrate(Database& database, const std::string& set_name,
                            const MigrationSet& set) {
  for (int count = 0;; ++count) {
    bool applied_one = false;
    RETURN_IF_ERROR(database.Write(
        "migrate", [&](Tx& tx) { return ApplyNext(tx, set_name, set, &applied_one); }));
    if (!applied_one) return count;
  }
}

absl::Status CheckSchema(Database& database, const std::string& set_name, const MigrationSet& set) {
  return database.Read("check_schema", [&](Tx& tx) -> absl::Status {
    std::map<std::string, std::string> applied;
    if (tx.Exec(kTableExists)[0][0].as<bool>()) applied = Applied(tx, set_name);
    RETURN_IF_ERROR(CheckKnown(set_name, set, applied));
    if (applied.size() == set.size()) return absl::OkStatus();
    const std::string have = applied.empty() ? "none" : applied.rbegin()->first;
    return absl::FailedPreconditionError(
        absl::StrCat("the database schema is older than this program: ", set_name, " has ", have,
                     ", needs ", set.back().name, "; run this program with 'migrate' first"));
  });
}

}  // namespace ieum::db
