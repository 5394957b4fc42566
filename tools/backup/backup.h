// Making a backup, and looking at one.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/backup/key_box.h"
#include "tools/backup/manifest.h"
#include "tools/backup/places.h"

namespace ieum::backup {

struct BackupRequest {
  Places places;
  std::string folder;      // is made; must not be there
  std::string passphrase;  // empty = keys are left out
  std::string program;     // version
  bool without_attachments = false;
};

struct Made {
  Manifest manifest;
  absl::Duration consumers_stopped;
};

// The folder has its name only once the backup is whole and was read again. FAILED_PRECONDITION
// when it is there already, when a key file does not open what is in its database, or when nobody
// says where attachments lie. One that lacks files of attachments, because they are gone or altered
// where they should be, is a backup all the same: its manifest names them.
absl::StatusOr<Made> MakeBackup(const BackupRequest& request);

struct Backup {
  std::string folder;
  Manifest manifest;
  KeyFiles keys;  // empty when no passphrase was given
};

// Reads everything and compares it with the manifest, and opens the keys when there is a
// passphrase. DATA_LOSS that names what is damaged or missing.
absl::StatusOr<Backup> VerifyBackup(const std::string& folder, const std::string& passphrase);

}  // namespace ieum::backup
