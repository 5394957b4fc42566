// The files of attachments in a backup: those that rows of the point name, each opened with the
// key of whose paper it is, when keys are at hand.
//
//   attachments.sum              "<SHA-256>  attachments/files/ab/cd/<file>", as sha256sum reads it
//   attachments/files/ab/cd/<file>  as in the directory of the service, sealed
//
// Files never change and their rows come last, so whatever a snapshot tells of is there, but for
// what was removed or erased since. All functions read and write a piece at a time.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/base/uuid.h"
#include "tools/backup/key_box.h"
#include "tools/backup/manifest.h"
#include "tools/backup/snapshots.h"

namespace ieum::backup {

// What was, or was to be, copied of `directory` (IEUM_ATTACHMENTS_DIR) into the backup `folder`.
// What a row still needs and is gone, cut or altered stands in `missing` of the answer, and in no
// file; what nobody needs any more is left out. FAILED_PRECONDITION when the point has attachments
// and no directory is named, or the directory holds none of them: it is another one. `keys` may be
// empty: then only sizes are looked at.
absl::StatusOr<AttachmentsSum> CopyAttachments(Snapshots& snapshots, const KeyFiles& keys,
                                               const std::string& directory,
                                               const std::string& folder);

// DATA_LOSS names what of the backup's own files is gone or altered.
absl::Status CheckAttachments(const std::string& folder, const AttachmentsSum& expected);

struct BroughtBack {
  int64_t written = 0, there = 0;  // what was there already is left alone
  int64_t erased = 0;              // not brought back
};
// Into `directory`, all but `without`. UNAVAILABLE when it cannot be written.
absl::StatusOr<BroughtBack> BringAttachmentsBack(const std::string& folder,
                                                 const std::string& directory,
                                                 const std::vector<base::Uuid>& without);

}  // namespace ieum::backup
