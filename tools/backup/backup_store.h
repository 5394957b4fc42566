// The SQL of backups: the point that a snapshot shows, and whether a database may be restored into.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/uuid.h"
#include "platform/db/database.h"
#include "tools/backup/manifest.h"

namespace ieum::backup {

// The following run inside the caller's transaction.

// Until its end no consumer and no rebuild of this database moves on; commands do.
void StopConsumers(db::Tx& tx);
// For others to see exactly what this transaction sees, as long as it lasts.
std::string ExportSnapshot(db::Tx& tx);
// The transaction's first words: it sees what that one sees.
void ImportSnapshot(db::Tx& tx, const std::string& snapshot);
ServicePoint ReadPoint(db::Tx& tx);

// A person's key of each wrapping key that is in use, the newest of each; of those who are kept
// apart, too.
struct WrappedSample {
  base::Uuid person;
  std::string wrapped, key_id;
};
std::vector<WrappedSample> ReadSamples(db::Tx& tx);

// A file of attachments that somebody needs, and what opens it.
struct StoredFile {
  base::Uuid file, owner;
  std::string wrapped, hash_box;  // the owner's key, "" = none is there; the content's SHA-256
  int64_t size_bytes = 0;         // of the content
};
// None of a release that had no attachments.
std::vector<StoredFile> ReadStoredFiles(db::Tx& tx);
// Those of the files that are needed.
std::vector<base::Uuid> StillStored(db::Tx& tx, const std::vector<base::Uuid>& files);
// Those of these persons.
std::vector<base::Uuid> FilesOf(db::Tx& tx, const std::vector<base::Uuid>& persons);

// Tables and views of the schema `public`.
int64_t CountTables(db::Tx& tx);
// "relay (registry/4711/…)" of a process that works on this database; "" when none does.
std::string WorkingProcess(db::Tx& tx);
// Whoever held a lease when the backup was made is gone, and nobody has to wait for him.
void EndLeases(db::Tx& tx);
// An empty schema `public`, as a new database has it.
void EmptyDatabase(db::Tx& tx);

// Mails that the mail server has; how many were not noted before.
int64_t NoteSent(db::Tx& tx, const std::vector<base::Uuid>& messages);

}  // namespace ieum::backup
