// The use cases of attachments. Each is given a transaction, decides, and only then writes; the
// errors are those that AttachmentService promises. Empty etag = no check. Bytes are written
// before, outside of any transaction: what a row says is on the disk when its transaction begins.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/attachments/attachment.h"
#include "services/casemgmt/attachments/attachment_content.h"
#include "services/casemgmt/attachments/attachment_files.h"
#include "services/casemgmt/attachments/attachment_store.h"

namespace ieum::casemgmt {

// Under what the two sealed columns are sealed; the first one is also what an export calls it.
inline constexpr char kFileNameBox[] = "file_name";
inline constexpr char kFileHashBox[] = "attachment_sha256";

struct BeginAttachmentInput {
  std::optional<base::Uuid> attachment_id;
  AttachmentParent parent;
  AttachmentReach reach;
  std::string file_name;
  AttachmentContent content;
};
absl::StatusOr<ledger::Done> BeginAttachment(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                             const BeginAttachmentInput& input);

struct AttachmentInput {
  base::Uuid attachment_id;
  std::string etag;
  AttachmentReach reach;
};
// A piece came, and is on the disk. The same again changes nothing.
absl::StatusOr<ledger::Done> RecordPiece(ledger::UnitOfWork& work, const AttachmentInput& input,
                                         const AttachmentPiece& piece);
// The whole was read through, and is on the disk.
absl::StatusOr<ledger::Done> FinishAttachment(ledger::UnitOfWork& work,
                                              const AttachmentInput& input);

struct ScanInput {
  v1::AttachmentScanState result = v1::ATTACHMENT_SCAN_STATE_UNSPECIFIED;
  std::string sha256, scanner;
};
absl::StatusOr<ledger::Done> RecordScan(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const AttachmentInput& input, const ScanInput& scan);

absl::StatusOr<ledger::Done> RemoveAttachment(ledger::UnitOfWork& work,
                                              const AttachmentInput& input,
                                              v1::AttachmentRemovalReason reason);
// For due work. One that was finished meanwhile stays.
absl::StatusOr<ledger::Done> AbandonUpload(ledger::UnitOfWork& work, const base::Uuid& id);

// Of an erased person (erasures/forgetting.h): names and hashes go at once, contents with the key,
// files after the commit.
std::vector<base::Uuid> AttachmentsTouched(db::Tx& tx, const base::Uuid& person);
absl::Status ForgetAttachmentsOf(ledger::UnitOfWork& work, const base::Uuid& person);

// Deletes what the cleanup names, unless somebody needs it again. Bytes are deleted inside of the
// transaction, while the file is held: deleted twice is deleted, and a row that stays is tried
// again.
absl::StatusOr<ledger::Done> CleanUp(ledger::UnitOfWork& work, const AttachmentFiles& files,
                                     const Cleanup& cleanup);
// The same of a file that no row knows.
absl::StatusOr<ledger::Done> SweepFile(ledger::UnitOfWork& work, const AttachmentFiles& files,
                                       const base::Uuid& file);

}  // namespace ieum::casemgmt
