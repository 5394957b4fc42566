// What becomes of attachments by itself: uploads that nobody finishes are given up, and bytes that
// nobody needs are deleted.
#pragma once

#include "platform/db/database.h"
#include "platform/flow/due_rows.h"
#include "platform/ledger/ledger.h"
#include "services/casemgmt/attachments/attachment_files.h"
#include "services/casemgmt/attachments/attachment_settings.h"

namespace ieum::casemgmt {

// For App::AddDueWork; what they are given outlives them. Deleting rests while a ledger was
// restored and nobody has looked at what that means.
flow::DueWork UploadExpiry(ledger::Ledger& ledger);
flow::DueWork AttachmentCleanup(ledger::Ledger& ledger, const AttachmentFiles& files);
// Looks through the directory: what a kill has left there, no row knows.
flow::DueWork AttachmentSweep(ledger::Ledger& ledger, const AttachmentFiles& files,
                              const AttachmentSettings& settings);

// One look through the directory, of what was written before `before`, real time.
absl::Status SweepAttachments(ledger::Ledger& ledger, const AttachmentFiles& files,
                              absl::Time before);

}  // namespace ieum::casemgmt
