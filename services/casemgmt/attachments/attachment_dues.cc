#include "services/casemgmt/attachments/attachment_dues.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "services/casemgmt/attachments/attachment_commands.h"
#include "services/casemgmt/attachments/attachment_store.h"

namespace ieum::casemgmt {
namespace {

// Files are asked about together.
constexpr size_t kSweepFiles = 500;

std::vector<flow::DueRow> FindStale(db::Tx& tx, absl::Time now, int limit) {
  std::vector<flow::DueRow> due;
  for (const base::Uuid& id : StaleUploads(tx, now - kUploadTime, limit)) {
    due.push_back({base::Uuid::Derive(id, "upload-abandoned"),
                   [id](ledger::UnitOfWork& work) { return AbandonUpload(work, id); }});
  }
  return due;
}

// Each asking names itself: an attachment is cleaned up when it is stored, and again when it goes.
base::Uuid RequestOf(const Cleanup& cleanup) {
  return base::Uuid::Derive(cleanup.attachment, absl::StrCat("cleanup/", cleanup.version));
}

absl::Status SweepOne(ledger::Ledger& ledger, const AttachmentFiles& files,
                      const base::Uuid& file) {
  ledger::Command command;
  command.name = "SweepAttachmentFile";
  command.request_id = base::Uuid::NewV7();
  command.request_hash = crypto::Hash(command.name);
  command.caller.actor = "service/" + ledger.service();
  command.caller.correlation_id = command.request_id.ToString();
  return ledger.Run(command, [&](ledger::UnitOfWork& work) { return SweepFile(work, files, file); })
      .status();
}

absl::StatusOr<std::vector<base::Uuid>> Ask(
    ledger::Ledger& ledger, const std::vector<base::Uuid>& ids,
    std::vector<base::Uuid> (*which)(db::Tx&, const std::vector<base::Uuid>&)) {
  std::vector<base::Uuid> found;
  if (ids.empty()) return found;
  RETURN_IF_ERROR(ledger.database().ReadOne("attachment_sweep", [&](db::Tx& tx) {
    found = which(tx, ids);
    return absl::OkStatus();
  }));
  return found;
}

absl::Status SweepFiles(ledger::Ledger& ledger, const AttachmentFiles& files,
                        std::vector<base::Uuid>* seen) {
  ASSIGN_OR_RETURN(const auto orphans, Ask(ledger, *seen, Unneeded));
  seen->clear();
  for (const base::Uuid& file : orphans) RETURN_IF_ERROR(SweepOne(ledger, files, file));
  return absl::OkStatus();
}

}  // namespace

absl::Status SweepAttachments(ledger::Ledger& ledger, const AttachmentFiles& files,
                              absl::Time before) {
  RETURN_IF_ERROR(files.DeleteOldDrafts(before));
  // An upload does not begin again, so what is none now has its pieces for nothing.
  ASSIGN_OR_RETURN(const auto with_pieces, files.OldPieces(before));
  ASSIGN_OR_RETURN(const auto ended, Ask(ledger, with_pieces, NotUploading));
  for (const base::Uuid& id : ended) RETURN_IF_ERROR(files.DeletePieces(id));
  std::vector<base::Uuid> seen;
  RETURN_IF_ERROR(files.ForEachOldFile(before, [&](const base::Uuid& file) -> absl::Status {
    seen.push_back(file);
    return seen.size() < kSweepFiles ? absl::OkStatus() : SweepFiles(ledger, files, &seen);
  }));
  return SweepFiles(ledger, files, &seen);
}

flow::DueWork UploadExpiry(ledger::Ledger& ledger) {
  return flow::SettleEach(ledger, {.name = "upload_expiry",
                                   .command = "AbandonUpload",
                                   .find = FindStale,
                                   .count = [](db::Tx& tx, absl::Time now) {
                                     return CountStaleUploads(tx, now - kUploadTime);
                                   }});
}

flow::DueWork AttachmentCleanup(ledger::Ledger& ledger, const AttachmentFiles& files) {
  flow::DueWork work = flow::SettleEach(
      ledger,
      {.name = "attachment_cleanup",
       .command = "CleanUpAttachment",
       .find =
           [&files](db::Tx& tx, absl::Time, int limit) {
             std::vector<flow::DueRow> due;
             for (const Cleanup& cleanup : Cleanups(tx, limit)) {
               due.push_back({RequestOf(cleanup), [&files, cleanup](ledger::UnitOfWork& unit) {
                                return CleanUp(unit, files, cleanup);
                              }});
             }
             return due;
           },
       .count = [](db::Tx& tx, absl::Time) { return CountCleanups(tx); }});
  work.irrevocable = true;
  return work;
}

flow::DueWork AttachmentSweep(ledger::Ledger& ledger, const AttachmentFiles& files,
                              const AttachmentSettings& settings) {
  const auto next = std::make_shared<absl::Time>(absl::InfinitePast());
  flow::DueWork work;
  work.name = "attachment_sweep";
  work.step = [&ledger, &files, settings, next](absl::Time) -> absl::StatusOr<bool> {
    const absl::Time now = absl::Now();  // files have real times
    if (now < *next) return false;
    *next = now + settings.sweep_every;
    RETURN_IF_ERROR(SweepAttachments(ledger, files, now - settings.sweep_after));
    return false;
  };
  // Nothing waits for it.
  work.count_due = [](absl::Time) -> absl::StatusOr<int64_t> { return 0; };
  work.irrevocable = true;
  return work;
}

}  // namespace ieum::casemgmt
