// Bringing a backup back: keys first, then the four databases, then the files of attachments.
// Streams are not in it; relays fill them from the ledgers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/uuid.h"
#include "platform/db/migrations.h"
#include "tools/backup/attachments.h"
#include "tools/backup/backup.h"

namespace ieum::backup {

// What this program knows of every database, by the name of the set: "platform", which stands in
// each of them, and a set of each service.
const std::map<std::string, db::MigrationSet>& KnownSets();

struct RestoreRequest {
  Places places;  // where to
  std::string folder, passphrase;
  std::string keys_into;      // folder for keys whose place is not in `places`
  bool replace = false;       // what is there goes
  bool older_schema = false;  // the backup may be of an older release
  bool only_keys = false;     // leave the databases and the attachments alone
  bool without_attachments = false;
  std::vector<base::Uuid> erased = {};  // persons whose attachments are not brought back
};

struct Restored {
  Manifest manifest;
  std::string restored_at;        // RFC 3339: for `new-epoch --restored-at`
  std::vector<std::string> kept;  // files that were replaced, under the names they have now
  std::vector<std::string> keys;  // files that were written
  BroughtBack attachments;
};

// Nothing is touched before the whole backup was read and every target was looked at.
// FAILED_PRECONDITION says what stands in the way: a database that is not empty, a process that
// works on it, a key file with another key, a schema that this program does not fit. A database is
// restored wholly or not at all; when one fails, those before it are restored and the same words
// with --replace go on.
absl::StatusOr<Restored> Restore(const RestoreRequest& request);

}  // namespace ieum::backup
