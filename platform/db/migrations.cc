#include "platform/db/migrations.h"

#include <algorithm>
#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/telemetry/log.h"

namespace ieum::db {
namespace {

// Any constant does; it only has to be the same for every migrating process.
const Statement kLock("migration_lock", "SELECT pg_advisory_xact_lock(4716205)");

constexpr char kTables[] = R"(
  CREATE TABLE IF NOT EXISTS schema_migration (
    set_name   text NOT NULL,
    name       text NOT NULL,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (set_name, name)
  );
  ALTER TABLE schema_migration ADD COLUMN IF NOT EXISTS contracts boolean NOT NULL DEFAULT false)";

// to_regclass keeps this readable on an empty database.
const Statement kTableExists("migration_table_exists",
                             "SELECT to_regclass('schema_migration') IS NOT NULL");

std::string Checksum(const Migration& migration) {
  return absl::BytesToHexString(crypto::Hash(migration.sql));
}

struct AppliedMigration {
  std::string checksum;
  bool contracts = false;
};

bool Contracts(const Migration& migration) { return absl::StartsWith(migration.sql, kContract); }

std::map<std::string, AppliedMigration> Applied(Tx& tx, const std::string& set_name) {
  // Not a registered statement: it cannot be prepared before the table is there. By way of JSON,
  // because a table that an earlier release made has no `contracts` before the next migration.
  std::map<std::string, AppliedMigration> applied;
  for (const auto& row : tx.RunDynamic(
           "SELECT name, checksum, coalesce(to_jsonb(m) ->> 'contracts', 'false') = 'true' "
           "FROM schema_migration m WHERE set_name = $1",
           {set_name})) {
    applied[AsText(row[0])] = {AsText(row[1]), row[2].as<bool>()};
  }
  return applied;
}

enum class Newer { kRefused, kServed };

// A newer release that only added to the schema leaves an older program everything it knows.
bool CanServe(const MigrationSet& set, const std::string& name, const AppliedMigration& applied) {
  return !applied.contracts && (set.empty() || name > set.back().name);
}

absl::Status CheckKnown(const std::string& set_name, const MigrationSet& set,
                        const std::map<std::string, AppliedMigration>& applied, Newer newer) {
  std::map<std::string, std::string> known;
  for (const Migration& migration : set) known[migration.name] = Checksum(migration);
  for (const auto& [name, state] : applied) {
    auto found = known.find(name);
    if (found == known.end()) {
      if (newer == Newer::kServed && CanServe(set, name, state)) continue;
      return absl::FailedPreconditionError(
          absl::StrCat("the database has migration ", set_name, "/", name,
                       ", which this program does not know: it is older than the database; "
                       "run the newer program"));
    }
    if (found->second != state.checksum) {
      return absl::FailedPreconditionError(
          absl::StrCat("migration ", set_name, "/", name,
                       " was changed after it had been applied; restore the file and put the "
                       "change into a new one"));
    }
  }
  return absl::OkStatus();
}

// Whoever took a release back has not taken its schema back.
void WarnOfNewer(const std::string& set_name, const MigrationSet& set,
                 const std::map<std::string, AppliedMigration>& applied) {
  if (applied.size() <= set.size()) return;
  telemetry::Warn("the database is of a newer release that only added; nothing to migrate",
                  {{"set", set_name}, {"migration", applied.rbegin()->first}});
}

// Applies the first file that is missing, if any; `applied_one` says whether there was one.
absl::Status ApplyNext(Tx& tx, const std::string& set_name, const MigrationSet& set,
                       bool* applied_one) {
  // A migration takes the time that it takes, and who comes second waits for it.
  tx.RunScript("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0");
  tx.Exec(kLock);
  tx.RunScript(kTables);
  const auto applied = Applied(tx, set_name);
  const auto missing = std::find_if(set.begin(), set.end(), [&](const Migration& migration) {
    return applied.count(migration.name) == 0;
  });
  *applied_one = missing != set.end();
  // A file that comes behind a newer one was not made to.
  RETURN_IF_ERROR(
      CheckKnown(set_name, set, applied, *applied_one ? Newer::kRefused : Newer::kServed));
  if (!*applied_one) {
    WarnOfNewer(set_name, set, applied);
    return absl::OkStatus();
  }
  tx.RunScript(missing->sql);
  tx.RunDynamic(
      "INSERT INTO schema_migration (set_name, name, checksum, contracts) VALUES ($1, $2, $3, "
      "$4::boolean)",
      {set_name, missing->name, Checksum(*missing), Contracts(*missing) ? "true" : "false"});
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
    std::map<std::string, AppliedMigration> applied;
    if (tx.Exec(kTableExists)[0][0].as<bool>()) applied = Applied(tx, set_name);
    RETURN_IF_ERROR(CheckKnown(set_name, set, applied, Newer::kServed));
    if (std::all_of(set.begin(), set.end(), [&](const Migration& migration) {
          return applied.count(migration.name) > 0;
        })) {
      return absl::OkStatus();
    }
    const std::string have = applied.empty() ? "none" : applied.rbegin()->first;
    return absl::FailedPreconditionError(
        absl::StrCat("the database schema is older than this program: ", set_name, " has ", have,
                     ", needs ", set.back().name, "; run this program with 'migrate' first"));
  });
}

}  // namespace ieum::db
