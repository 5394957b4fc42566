#include "tools/backup/attachments.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "platform/base/status.h"
#include "platform/crypto/sha256.h"
#include "platform/crypto/vault.h"
#include "services/casemgmt/attachments/attachment.h"
#include "services/casemgmt/attachments/attachment_commands.h"
#include "services/casemgmt/attachments/attachment_content.h"
#include "services/casemgmt/attachments/attachment_files.h"
#include "tools/backup/backup_store.h"
#include "tools/backup/places.h"

namespace ieum::backup {
namespace {

using casemgmt::AttachmentFiles;
using casemgmt::kMaxRangeBytes;

constexpr char kOwner[] = "casemgmt";
constexpr char kFolder[] = "attachments";
constexpr size_t kNamed = 5;  // of those that are missing; the others are counted
constexpr int kPrivate = 0600;

std::string PlaceIn(const base::Uuid& file) {
  return absl::StrCat(kFolder, "/", AttachmentFiles::PlaceOf(file));
}

std::string FolderOf(const std::string& backup) { return absl::StrCat(backup, "/", kFolder); }

// Runs over a file piece by piece.
template <class Body>
absl::Status ForEachPiece(const AttachmentFiles& files, const base::Uuid& file, Body body) {
  ASSIGN_OR_RETURN(const int64_t size, files.SizeOf(file));
  for (int64_t at = 0; at < size; at += kMaxRangeBytes) {
    ASSIGN_OR_RETURN(const std::string bytes,
                     files.ReadFile(file, at, std::min(size - at, kMaxRangeBytes)));
    RETURN_IF_ERROR(body(bytes));
  }
  return absl::OkStatus();
}

// Hexadecimal, of the file as it lies there.
absl::StatusOr<std::string> Sha256Of(const AttachmentFiles& files, const base::Uuid& file) {
  crypto::Sha256 hash;
  RETURN_IF_ERROR(ForEachPiece(files, file, [&](const std::string& bytes) {
    hash.Add(bytes);
    return absl::OkStatus();
  }));
  return absl::BytesToHexString(hash.Finish());
}

absl::Status CopyFile(const AttachmentFiles& from, const AttachmentFiles& to,
                      const base::Uuid& file) {
  // Asked first, so that nothing is begun for what is not there.
  RETURN_IF_ERROR(from.SizeOf(file).status());
  ASSIGN_OR_RETURN(casemgmt::AttachmentDraft draft, to.Begin());
  RETURN_IF_ERROR(
      ForEachPiece(from, file, [&](const std::string& bytes) { return draft.Append(bytes); }));
  return to.KeepFile(std::move(draft), file);
}

// Opens the copy with the key of whose it is, and compares what is in it with what was said of it.
class Opener {
 public:
  static absl::StatusOr<Opener> With(const KeyFiles& keys) {
    Opener opener;
    const auto file = keys.find(absl::StrCat("vault-", kOwner));
    if (file == keys.end()) return opener;
    ASSIGN_OR_RETURN(auto ring, crypto::KeyRing::FromText(file->second));
    opener.vault_.emplace(std::move(ring));
    return opener;
  }

  // DATA_LOSS: it is not what was stored.
  absl::Status Check(const AttachmentFiles& files, const StoredFile& row) const {
    casemgmt::AttachmentContent content{.sha256 = "", .size_bytes = row.size_bytes};
    if (!vault_ || row.wrapped.empty()) return CheckSize(files, row);
    ASSIGN_OR_RETURN(const crypto::Key key, vault_->Unwrap(row.owner, row.wrapped));
    ASSIGN_OR_RETURN(content.sha256, vault_->OpenValue(key, casemgmt::kFileHashBox, row.hash_box));
    crypto::Sha256 hash;
    for (int64_t at = 0; at < row.size_bytes; at += kMaxRangeBytes) {
      ASSIGN_OR_RETURN(const std::string bytes, ReadRange(files, casemgmt::AttachmentKeysOf(key),
                                                          row.file, content, at, kMaxRangeBytes));
      hash.Add(bytes);
    }
    if (hash.Finish() == content.sha256) return absl::OkStatus();
    return absl::DataLossError("its content is another");
  }

 private:
  static absl::Status CheckSize(const AttachmentFiles& files, const StoredFile& row) {
    ASSIGN_OR_RETURN(const int64_t size, files.SizeOf(row.file));
    if (size == casemgmt::StoredBytes(row.size_bytes)) return absl::OkStatus();
    return absl::DataLossError("its size is another");
  }

  std::optional<crypto::Vault> vault_;
};

// Gone, cut or altered; anything else is trouble of the machine.
bool IsHarmed(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsDataLoss(status);
}

class Copying {
 public:
  Copying(const std::string& directory, const std::string& folder, Opener opener)
      : from_(directory), to_(FolderOf(folder)), folder_(folder), opener_(std::move(opener)) {}

  // OK also for one that is harmed: it is left out, and looked at again in Settle.
  absl::Status Copy(const StoredFile& row) {
    absl::Status copied = CopyFile(from_, to_, row.file);
    if (copied.ok()) copied = opener_.Check(to_, row);
    if (IsHarmed(copied)) {
      harmed_.push_back(row);
      return to_.DeleteFile(row.file);
    }
    RETURN_IF_ERROR(copied);
    ASSIGN_OR_RETURN(const std::string sum, Sha256Of(to_, row.file));
    absl::StrAppend(&list_, sum, "  ", PlaceIn(row.file), "\n");
    ++sum_.count;
    ASSIGN_OR_RETURN(const int64_t bytes, to_.SizeOf(row.file));
    sum_.bytes += bytes;
    return absl::OkStatus();
  }

  // What is still needed now may have come back meanwhile: somebody stored the same again.
  absl::Status Settle(db::Database& database) {
    std::vector<base::Uuid> ids;
    for (const StoredFile& row : harmed_) ids.push_back(row.file);
    std::vector<base::Uuid> needed;
    RETURN_IF_ERROR(database.Read("attachments_needed", [&](db::Tx& tx) {
      needed = StillStored(tx, ids);
      return absl::OkStatus();
    }));
    for (const StoredFile& row : std::exchange(harmed_, {})) {
      if (std::find(needed.begin(), needed.end(), row.file) == needed.end()) continue;
      RETURN_IF_ERROR(Copy(row));
    }
    for (const StoredFile& row : harmed_) {
      sum_.missing.push_back(AttachmentFiles::PlaceOf(row.file));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<AttachmentsSum> Finish() {
    std::error_code ignored;  // nothing is made there any more
    std::filesystem::remove(absl::StrCat(FolderOf(folder_), "/making"), ignored);
    RETURN_IF_ERROR(WriteWhole(absl::StrCat(folder_, "/", kAttachmentsFile), list_, kPrivate));
    ASSIGN_OR_RETURN(sum_.list, SumOf(folder_, kAttachmentsFile));
    return sum_;
  }

 private:
  const AttachmentFiles from_, to_;
  const std::string folder_;
  const Opener opener_;
  std::vector<StoredFile> harmed_;
  std::string list_;
  AttachmentsSum sum_;
};

struct Line {
  base::Uuid file;
  std::string sum;
};

absl::StatusOr<std::vector<Line>> ReadList(const std::string& folder) {
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(absl::StrCat(folder, "/", kAttachmentsFile)));
  std::vector<Line> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(line, absl::MaxSplits("  ", 1));
    const std::string place = parts.back();
    const auto file = base::Uuid::Parse(place.substr(place.rfind('/') + 1));
    if (parts.size() != 2 || !file || PlaceIn(*file) != place) {
      return absl::DataLossError(absl::StrCat(kAttachmentsFile, " has a line that is none"));
    }
    lines.push_back({*file, parts[0]});
  }
  return lines;
}

}  // namespace

absl::StatusOr<AttachmentsSum> CopyAttachments(Snapshots& snapshots, const KeyFiles& keys,
                                               const std::string& directory,
                                               const std::string& folder) {
  std::vector<StoredFile> rows;
  RETURN_IF_ERROR(snapshots.database(kOwner).Read("attachments", [&](db::Tx& tx) {
    ImportSnapshot(tx, snapshots.id(kOwner));
    rows = ReadStoredFiles(tx);
    return absl::OkStatus();
  }));
  if (rows.empty()) return AttachmentsSum();
  if (directory.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        kOwner, " keeps the files of ", rows.size(), " attachments: name their directory by ",
        "--attachments DIR, or say --without-attachments and copy them yourself"));
  }
  ASSIGN_OR_RETURN(Opener opener, Opener::With(keys));
  Copying copying(directory, folder, std::move(opener));
  for (const StoredFile& row : rows) RETURN_IF_ERROR(copying.Copy(row));
  RETURN_IF_ERROR(copying.Settle(snapshots.database(kOwner)));
  ASSIGN_OR_RETURN(AttachmentsSum sum, copying.Finish());
  if (sum.count > 0 || sum.missing.empty()) return sum;
  return absl::FailedPreconditionError(
      absl::StrCat(directory, " holds none of the ", sum.missing.size(),
                   " files of attachments: is it ", "the directory of this ", kOwner, "?"));
}

absl::Status CheckAttachments(const std::string& folder, const AttachmentsSum& expected) {
  RETURN_IF_ERROR(CheckFile(folder, expected.list));
  ASSIGN_OR_RETURN(const std::vector<Line> lines, ReadList(folder));
  const AttachmentFiles files(FolderOf(folder));
  std::vector<std::string> harmed;
  for (const Line& line : lines) {
    const auto sum = Sha256Of(files, line.file);
    if (!sum.ok() && !IsHarmed(sum.status())) return sum.status();
    if (sum.ok() && *sum == line.sum) continue;
    harmed.push_back(absl::StrCat(PlaceIn(line.file), sum.ok() ? " is damaged" : " is missing"));
  }
  if (harmed.empty()) return absl::OkStatus();
  const size_t named = std::min(harmed.size(), kNamed);
  return absl::DataLossError(absl::StrCat(
      absl::StrJoin(harmed.begin(), harmed.begin() + static_cast<std::ptrdiff_t>(named), ", "),
      harmed.size() > named ? absl::StrCat(" and ", harmed.size() - named, " more") : ""));
}

absl::StatusOr<BroughtBack> BringAttachmentsBack(const std::string& folder,
                                                 const std::string& directory,
                                                 const std::vector<base::Uuid>& without) {
  ASSIGN_OR_RETURN(const std::vector<Line> lines, ReadList(folder));
  const absl::flat_hash_set<base::Uuid> erased(without.begin(), without.end());
  const AttachmentFiles from(FolderOf(folder)), to(directory);
  BroughtBack brought;
  for (const Line& line : lines) {
    if (erased.contains(line.file)) {
      ++brought.erased;
      continue;
    }
    const auto there = Sha256Of(to, line.file);
    if (there.ok() && *there == line.sum) {
      ++brought.there;
      continue;
    }
    RETURN_IF_ERROR(CopyFile(from, to, line.file));
    ++brought.written;
  }
  return brought;
}

}  // namespace ieum::backup
