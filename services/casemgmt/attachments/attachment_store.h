// The rows of attachments, of the pieces of their uploads, and of files that may be deleted. An
// attachment that the reach does not hold is as if it were not there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/attachments/attachment.h"
#include "services/casemgmt/attachments/attachment_content.h"
#include "services/casemgmt/cases/case_reach.h"

namespace ieum::casemgmt {

// Whose attachments are seen: those of cases within `cases`; those of engagements and forms of
// centres in `firms`; and any of centres in `scans`, by who looks for malware.
struct AttachmentReach {
  Reach cases;
  base::Scope firms, scans;

  // Of reactions and due work.
  static AttachmentReach Everything();
};

struct AttachmentView {
  Attachment attachment;
  std::optional<base::Uuid> centre;  // its parent's now; nullopt = the whole suite's
  bool scanner_reaches = false;      // who asks may look for malware there
  int64_t received_bytes = 0;
  int64_t version = 0;
};
std::optional<AttachmentView> FindAttachment(db::Tx& tx, const AttachmentReach& reach,
                                             const base::Uuid& id);
// False when the id is taken.
bool InsertAttachment(db::Tx& tx, const Attachment& attachment);
// Everything that can change. Its id was found within the caller's reach, and is locked.
void SaveAttachment(db::Tx& tx, const Attachment& attachment);
// Living ones of the case, or of the engagement with its forms.
int CountAttachments(db::Tx& tx, const AttachmentParent& parent);

const filter::ListSpec& AttachmentList();
void WhereReach(filter::ListQuery& query, const AttachmentReach& reach);
void WhereParent(filter::ListQuery& query, const AttachmentParent& parent);
filter::Cursor ListAttachments(db::Tx& tx, const filter::ListQuery& query,
                               std::vector<AttachmentView>* views);

// Of a person, by id; what was removed, too.
std::vector<AttachmentView> AttachmentsOf(db::Tx& tx, const base::Uuid& person);
// Uploads that were begun at `before` or earlier and never finished, the oldest first.
std::vector<base::Uuid> StaleUploads(db::Tx& tx, absl::Time before, int limit);
int64_t CountStaleUploads(db::Tx& tx, absl::Time before);

// In order of their numbers.
std::vector<AttachmentPiece> PiecesOf(db::Tx& tx, const base::Uuid& attachment);
// False when there is one with this number.
bool InsertPiece(db::Tx& tx, const base::Uuid& attachment, const AttachmentPiece& piece);
void DeletePieces(db::Tx& tx, const base::Uuid& attachment);

// What may be deleted: the pieces of an attachment that is no upload any more, and its file unless
// another living one needs it.
struct Cleanup {
  base::Uuid attachment, file;
  int64_t version = 0;  // of the attachment when it was asked for: each asking is another one
  absl::Time asked;
};
void AskCleanup(db::Tx& tx, const Cleanup& cleanup);
std::vector<Cleanup> Cleanups(db::Tx& tx, int limit);
int64_t CountCleanups(db::Tx& tx);
void DeleteCleanup(db::Tx& tx, const base::Uuid& attachment);

// Until the transaction ends nobody deletes the file; with TakeFile nobody comes to need it either.
void HoldFile(db::Tx& tx, const base::Uuid& file);
void TakeFile(db::Tx& tx, const base::Uuid& file);
// Those of them that no living attachment needs.
std::vector<base::Uuid> Unneeded(db::Tx& tx, const std::vector<base::Uuid>& files);
// Those of them that are no uploads.
std::vector<base::Uuid> NotUploading(db::Tx& tx, const std::vector<base::Uuid>& attachments);

}  // namespace ieum::casemgmt
