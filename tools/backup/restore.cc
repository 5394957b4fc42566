#include "tools/backup/restore.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "platform/crypto/vault.h"
#include "platform/db/migrations.h"
#include "tools/backup/backup_store.h"
#include "tools/backup/pg_tools.h"
#include "tools/backup/snapshots.h"

namespace ieum {

db::MigrationSet platform_migrations();
db::MigrationSet registry_migrations();
db::MigrationSet casemgmt_migrations();
db::MigrationSet reporting_migrations();
db::MigrationSet notify_migrations();

namespace backup {

const std::map<std::string, db::MigrationSet>& KnownSets() {
  static const auto* sets =
      new std::map<std::string, db::MigrationSet>{{"platform", platform_migrations()},
                                                  {"registry", registry_migrations()},
                                                  {"casemgmt", casemgmt_migrations()},
                                                  {"reporting", reporting_migrations()},
                                                  {"notify", notify_migrations()}};
  return *sets;
}

namespace {

constexpr int kPrivate = 0600;

// Numbered files: whose newest has the lesser name is the older.
absl::Status CheckSchema(const std::string& service, const ServicePoint& point,
                         bool older_allowed) {
  for (const auto& [set, newest] : point.schemas) {
    const auto known = KnownSets().find(set);
    if (known == KnownSets().end() || known->second.empty()) {
      return absl::FailedPreconditionError(absl::StrCat("the backup of ", service,
                                                        " has migrations of '", set,
                                                        "', which this program does not know"));
    }
    const std::string& needed = known->second.back().name;
    if (newest > needed) {
      return absl::FailedPreconditionError(
          absl::StrCat("the backup of ", service, " is of a newer release (", set, " ", newest,
                       "; this program knows ", needed, "): restore it with that release"));
    }
    if (newest < needed && !older_allowed) {
      return absl::FailedPreconditionError(
          absl::StrCat("the backup of ", service, " is of an older release (", set, " ", newest,
                       "; this program needs ", needed,
                       "): restore it with that release, or say --older-schema ", "and run 'ieum-",
                       service, " migrate' before anything else"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckIdle(db::Tx& tx, const std::string& service) {
  const std::string working = WorkingProcess(tx);
  if (working.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("a process works on the database of ", service, " and holds ", working,
                   ": stop every service first (one that was killed is forgotten after 3 s)"));
}

absl::Status CheckTarget(const DatabasePlace& place, bool replace) {
  const auto database = OpenDatabase(place);
  if (!database->Ping().ok()) {
    return absl::UnavailableError(absl::StrCat("the database of ", place.service,
                                               " does not answer; make it first, empty "
                                               "(deploy/postgres/roles.sql)"));
  }
  int64_t tables = 0;
  RETURN_IF_ERROR(database->Read("restore_target", [&](db::Tx& tx) {
    tables = CountTables(tx);
    return CheckIdle(tx, place.service);
  }));
  if (tables == 0 || replace) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the database of ", place.service, " is not empty (", tables,
                   " tables): what is there goes only with --replace"));
}

absl::StatusOr<std::string> PlaceOfKey(const RestoreRequest& request, const std::string& name) {
  const auto known = request.places.keys.find(name);
  if (known != request.places.keys.end()) return known->second;
  if (!request.keys_into.empty()) return absl::StrCat(request.keys_into, "/", name);
  return absl::InvalidArgumentError(absl::StrCat("where does the key ", name,
                                                 " go? Name it by --key-file ", name,
                                                 "=FILE, or a folder for all by --keys-into"));
}

struct KeyWrite {
  std::string path, content;
  bool replaces = false;
};

absl::StatusOr<std::vector<KeyWrite>> PlanKeys(const RestoreRequest& request,
                                               const KeyFiles& keys) {
  std::vector<KeyWrite> writes;
  for (const auto& [name, content] : keys) {
    ASSIGN_OR_RETURN(const std::string path, PlaceOfKey(request, name));
    const auto there = ReadWhole(path);
    if (there.ok() && *there == content) continue;
    if (there.ok() && !request.replace) {
      return absl::FailedPreconditionError(absl::StrCat(path, " holds another ", name,
                                                        ": it is replaced only with --replace, and "
                                                        "then kept beside it"));
    }
    writes.push_back({path, content, there.ok()});
  }
  return writes;
}

// A key that is thrown away may be the only one that opens something.
absl::Status WriteKeys(const std::vector<KeyWrite>& writes, const std::string& stamp,
                       Restored* restored) {
  for (const KeyWrite& write : writes) {
    std::error_code error;
    if (write.replaces) {
      const std::string aside = absl::StrCat(write.path, ".before-", stamp);
      std::filesystem::copy_file(write.path, aside, error);
      if (error) return absl::InternalError(absl::StrCat(aside, " could not be written"));
      restored->kept.push_back(aside);
    } else {
      std::filesystem::create_directories(std::filesystem::path(write.path).parent_path(), error);
    }
    RETURN_IF_ERROR(WriteWhole(write.path, write.content, kPrivate));
    restored->keys.push_back(write.path);
  }
  return absl::OkStatus();
}

absl::Status CheckRestored(db::Database& database, const std::string& service,
                           const Backup& backup) {
  ServicePoint point;
  std::vector<WrappedSample> samples;
  RETURN_IF_ERROR(database.Read("restored", [&](db::Tx& tx) {
    point = ReadPoint(tx);
    samples = ReadSamples(tx);
    return absl::OkStatus();
  }));
  if (point.ledger != backup.manifest.services.at(service).ledger) {
    return absl::DataLossError(
        absl::StrCat("the ledger of ", service, " is not what the manifest says it was"));
  }
  const auto file = backup.keys.find(absl::StrCat("vault-", service));
  if (samples.empty() || file == backup.keys.end()) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto ring, crypto::KeyRing::FromText(file->second));
  const crypto::Vault vault(std::move(ring));
  for (const WrappedSample& sample : samples) {
    RETURN_IF_ERROR(vault.Unwrap(sample.person, sample.wrapped).status());
  }
  return absl::OkStatus();
}

absl::Status RestoreOne(const DatabasePlace& place, const Backup& backup) {
  const auto database = OpenDatabase(place);
  // Looked at again: the first look may be hours ago.
  RETURN_IF_ERROR(database->Write("empty_database", [&](db::Tx& tx) -> absl::Status {
    if (CountTables(tx) == 0) return absl::OkStatus();
    RETURN_IF_ERROR(CheckIdle(tx, place.service));
    EmptyDatabase(tx);
    return absl::OkStatus();
  }));
  const FileSum& dump = backup.manifest.dumps.at(place.service);
  RETURN_IF_ERROR(RestoreDump(place, absl::StrCat(backup.folder, "/", dump.name)));
  RETURN_IF_ERROR(database->Write("end_leases", [](db::Tx& tx) {
    EndLeases(tx);
    return absl::OkStatus();
  }));
  return CheckRestored(*database, place.service, backup);
}

bool BringsAttachments(const RestoreRequest& request, const Manifest& manifest) {
  return !request.without_attachments && !manifest.attachments.list.name.empty();
}

absl::Status Look(const RestoreRequest& request, const Manifest& manifest) {
  if (BringsAttachments(request, manifest) && request.places.attachments.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("where do the files of ", manifest.attachments.count,
                     " attachments go? Name their directory by --attachments DIR, or say "
                     "--without-attachments and copy them yourself"));
  }
  for (const auto& [service, point] : manifest.services) {
    RETURN_IF_ERROR(CheckSchema(service, point, request.older_schema));
  }
  for (const DatabasePlace& place : request.places.databases) {
    RETURN_IF_ERROR(CheckTarget(place, request.replace));
  }
  return absl::OkStatus();
}

absl::Status RestoreDatabases(const RestoreRequest& request, const Backup& backup) {
  for (const DatabasePlace& place : request.places.databases) {
    const absl::Status done = RestoreOne(place, backup);
    if (done.ok()) continue;
    return absl::Status(
        done.code(),
        absl::StrCat("the database of ", place.service, " was not restored (",
                     std::string(done.message()), "); mend that, and say the same with --replace"));
  }
  return absl::OkStatus();
}

// After the databases, which know whose they are.
absl::StatusOr<BroughtBack> RestoreAttachments(const RestoreRequest& request) {
  std::vector<base::Uuid> without;
  const auto database = OpenDatabase(*request.places.Find("casemgmt"));
  RETURN_IF_ERROR(database->Read("attachments_of_erased", [&](db::Tx& tx) {
    without = FilesOf(tx, request.erased);
    return absl::OkStatus();
  }));
  auto brought = BringAttachmentsBack(request.folder, request.places.attachments, without);
  if (brought.ok()) return brought;
  return absl::Status(brought.status().code(),
                      absl::StrCat("the databases are restored, the attachments are not (",
                                   std::string(brought.status().message()),
                                   "); mend that, and say the same with --replace"));
}

}  // namespace

absl::StatusOr<Restored> Restore(const RestoreRequest& request) {
  ASSIGN_OR_RETURN(const Backup backup, VerifyBackup(request.folder, request.passphrase));
  if (!request.only_keys) RETURN_IF_ERROR(Look(request, backup.manifest));
  ASSIGN_OR_RETURN(const auto writes, PlanKeys(request, backup.keys));
  Restored restored{.manifest = backup.manifest};
  const std::string stamp = absl::FormatTime("%Y%m%dT%H%M%SZ", absl::Now(), absl::UTCTimeZone());
  RETURN_IF_ERROR(WriteKeys(writes, stamp, &restored));
  if (!request.only_keys) {
    RETURN_IF_ERROR(RestoreDatabases(request, backup));
    if (BringsAttachments(request, backup.manifest)) {
      ASSIGN_OR_RETURN(restored.attachments, RestoreAttachments(request));
    }
  }
  restored.restored_at = absl::FormatTime(absl::RFC3339_full, absl::Now(), absl::UTCTimeZone());
  return restored;
}

}  // namespace backup
}  // namespace ieum
