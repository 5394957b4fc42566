#include "tools/backup/backup.h"

#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "platform/crypto/vault.h"
#include "tools/backup/attachments.h"
#include "tools/backup/backup_store.h"
#include "tools/backup/pg_tools.h"
#include "tools/backup/snapshots.h"

namespace ieum::backup {
namespace {

constexpr int kPrivate = 0600;

// A backup whose keys open nothing is none: a person's key of each wrapping key in use is opened.
absl::Status CheckKeys(Snapshots& snapshots, const KeyFiles& keys) {
  for (const char* service : kServices) {
    std::vector<WrappedSample> samples;
    RETURN_IF_ERROR(snapshots.database(service).Read("samples", [&](db::Tx& tx) {
      ImportSnapshot(tx, snapshots.id(service));
      samples = ReadSamples(tx);
      return absl::OkStatus();
    }));
    if (samples.empty()) continue;
    const auto file = keys.find(absl::StrCat("vault-", service));
    if (file == keys.end()) {
      return absl::FailedPreconditionError(absl::StrCat(
          service, " keeps personal data, and its wrapping key is not among the keys: ",
          "name it by --key-file vault-", service, "=FILE"));
    }
    ASSIGN_OR_RETURN(auto ring, crypto::KeyRing::FromText(file->second));
    const crypto::Vault vault(std::move(ring));
    for (const WrappedSample& sample : samples) {
      if (vault.Unwrap(sample.person, sample.wrapped).ok()) continue;
      return absl::FailedPreconditionError(
          absl::StrCat("the key file vault-", service, " does not open what is in the database (",
                       sample.key_id, "): a backup with it would be worth nothing"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<KeyFiles> ReadKeys(const Places& places) {
  KeyFiles keys;
  for (const auto& [name, path] : places.keys) {
    ASSIGN_OR_RETURN(keys[name], ReadWhole(path));
  }
  return keys;
}

absl::Status WriteKeys(const BackupRequest& request, const std::string& folder,
                       const KeyFiles& keys, Manifest* manifest) {
  manifest->key_salt = NewSalt();
  manifest->keys.name = kKeysFile;
  for (const auto& [name, content] : keys) manifest->key_names.push_back(name);
  ASSIGN_OR_RETURN(const std::string box,
                   SealKeys(keys, request.passphrase, manifest->key_salt, BindingOf(*manifest)));
  RETURN_IF_ERROR(WriteWhole(absl::StrCat(folder, "/", kKeysFile), box, kPrivate));
  ASSIGN_OR_RETURN(manifest->keys, SumOf(folder, kKeysFile));
  return absl::OkStatus();
}

absl::Status WriteManifest(const std::string& folder, const Manifest& manifest) {
  RETURN_IF_ERROR(WriteWhole(absl::StrCat(folder, "/", kManifestFile), ToJson(manifest), kPrivate));
  ASSIGN_OR_RETURN(const FileSum sum, SumOf(folder, kManifestFile));
  return WriteWhole(absl::StrCat(folder, "/", kManifestSumFile), sum.sum + "\n", kPrivate);
}

absl::StatusOr<Made> MakeIn(const std::string& folder, const BackupRequest& request) {
  Made made;
  Manifest& manifest = made.manifest;
  manifest.program = request.program;
  ASSIGN_OR_RETURN(manifest.postgresql, PgDumpVersion());
  ASSIGN_OR_RETURN(const auto snapshots, Snapshots::Take(request.places));
  made.consumers_stopped = snapshots->stopped();
  manifest.made_at =
      absl::FormatTime(absl::RFC3339_full, snapshots->taken_at(), absl::UTCTimeZone());
  manifest.services = snapshots->points();
  RETURN_IF_ERROR(CheckOrder(manifest));
  // Read after the point: a key that was added since is in it, and one that was retired wraps
  // nothing.
  ASSIGN_OR_RETURN(const KeyFiles keys, ReadKeys(request.places));
  if (!request.passphrase.empty()) RETURN_IF_ERROR(CheckKeys(*snapshots, keys));
  // Before the dumps: what is removed from now on may be gone before its turn comes.
  if (!request.without_attachments) {
    ASSIGN_OR_RETURN(manifest.attachments,
                     CopyAttachments(*snapshots, keys, request.places.attachments, folder));
  }
  for (const DatabasePlace& place : request.places.databases) {
    const std::string name = place.service + ".dump";
    RETURN_IF_ERROR(Dump(place, snapshots->id(place.service), absl::StrCat(folder, "/", name)));
    ASSIGN_OR_RETURN(manifest.dumps[place.service], SumOf(folder, name));
  }
  if (!request.passphrase.empty()) RETURN_IF_ERROR(WriteKeys(request, folder, keys, &manifest));
  RETURN_IF_ERROR(WriteManifest(folder, manifest));
  RETURN_IF_ERROR(VerifyBackup(folder, request.passphrase).status());
  return made;
}

// Where a backup stands until it is whole: nobody else's, and nobody else's to read.
absl::StatusOr<std::string> GrowingFolder(const std::string& folder) {
  namespace fs = std::filesystem;
  const std::string growing = folder + ".growing";
  std::error_code error;
  fs::create_directories(fs::path(growing).parent_path(), error);
  if (fs::create_directory(growing, error)) {
    fs::permissions(growing, fs::perms::owner_all, error);
    return growing;
  }
  return absl::FailedPreconditionError(absl::StrCat(
      growing, " cannot be made: ",
      error ? error.message() : "another backup grows there, or one was cut off; remove it"));
}

}  // namespace

absl::StatusOr<Made> MakeBackup(const BackupRequest& request) {
  namespace fs = std::filesystem;
  std::error_code error;
  const std::string folder(
      absl::StripSuffix(fs::path(request.folder).lexically_normal().string(), "/"));
  if (fs::exists(folder, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat(folder, " is there already; a backup never replaces another"));
  }
  ASSIGN_OR_RETURN(const std::string growing, GrowingFolder(folder));
  auto made = MakeIn(growing, request);
  std::error_code renamed;
  if (made.ok()) fs::rename(growing, folder, renamed);
  if (!made.ok() || renamed) fs::remove_all(growing, error);
  if (made.ok() && renamed) {
    return absl::InternalError(
        absl::StrCat(folder, " could not be given its name: ", renamed.message()));
  }
  return made;
}

absl::StatusOr<Backup> VerifyBackup(const std::string& folder, const std::string& passphrase) {
  Backup backup{.folder = folder};
  const auto text = ReadWhole(absl::StrCat(folder, "/", kManifestFile));
  if (!text.ok()) {
    return absl::NotFoundError(absl::StrCat(folder, " holds no backup: no ", kManifestFile));
  }
  ASSIGN_OR_RETURN(const std::string sum_text,
                   ReadWhole(absl::StrCat(folder, "/", kManifestSumFile)));
  RETURN_IF_ERROR(CheckFile(folder, {kManifestFile, static_cast<int64_t>(text->size()),
                                     std::string(absl::StripAsciiWhitespace(sum_text))}));
  ASSIGN_OR_RETURN(backup.manifest, FromJson(*text));
  RETURN_IF_ERROR(CheckOrder(backup.manifest));
  for (const char* service : kServices) {
    const auto dump = backup.manifest.dumps.find(service);
    if (dump == backup.manifest.dumps.end()) {
      return absl::DataLossError(absl::StrCat("the backup lacks ", service));
    }
    RETURN_IF_ERROR(CheckFile(folder, dump->second));
    RETURN_IF_ERROR(CheckDump(absl::StrCat(folder, "/", dump->second.name)));
  }
  if (!backup.manifest.attachments.list.name.empty()) {
    RETURN_IF_ERROR(CheckAttachments(folder, backup.manifest.attachments));
  }
  if (backup.manifest.keys.name.empty()) return backup;
  RETURN_IF_ERROR(CheckFile(folder, backup.manifest.keys));
  if (passphrase.empty()) return backup;
  ASSIGN_OR_RETURN(const std::string box, ReadWhole(absl::StrCat(folder, "/", kKeysFile)));
  ASSIGN_OR_RETURN(backup.keys,
                   OpenKeys(box, passphrase, backup.manifest.key_salt, BindingOf(backup.manifest)));
  return backup;
}

}  // namespace ieum::backup
