// The directory in which the bytes of attachments lie, sealed by who calls. It knows neither keys
// nor rows. All replicas of the service share it.
//
//   pieces/<attachment>/<number>-<digest>   of an upload
//   files/ab/cd/<file>                      whole ones, named by a keyed hash of what is in them
//   making/<uuid>                           on their way to one of the two; nobody reads them
//
// Whatever has its name is whole and on the disk: it was written under making/, synced, renamed,
// and the directory was synced. A kill leaves something under making/, or a file that no row knows;
// both are swept. Thread-safe, and safe between processes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

// One that is being written. Gone when it is dropped without Keep…
class AttachmentDraft {
 public:
  AttachmentDraft(AttachmentDraft&& other) noexcept;
  AttachmentDraft(const AttachmentDraft&) = delete;
  AttachmentDraft& operator=(const AttachmentDraft&) = delete;
  ~AttachmentDraft();
  absl::Status Append(std::string_view bytes);

 private:
  friend class AttachmentFiles;
  AttachmentDraft(int file, std::string path) : file_(file), path_(std::move(path)) {}
  absl::Status Sync();

  int file_;  // -1 = handed on
  std::string path_;
};

class AttachmentFiles {
 public:
  // Makes what is missing of it when it is used. UNAVAILABLE everywhere below: the disk is full, or
  // the directory cannot be reached.
  explicit AttachmentFiles(std::string directory) : directory_(std::move(directory)) {}

  // "files/ab/cd/<file>", below the directory.
  static std::string PlaceOf(const base::Uuid& file);

  absl::StatusOr<AttachmentDraft> Begin() const;
  // On the disk under its name when OK; what was there before had the same content.
  absl::Status KeepPiece(AttachmentDraft draft, const base::Uuid& attachment, int number,
                         std::string_view digest) const;
  absl::Status KeepFile(AttachmentDraft draft, const base::Uuid& file) const;

  // NOT_FOUND without such a piece.
  absl::StatusOr<std::string> ReadPiece(const base::Uuid& attachment, int number,
                                        std::string_view digest) const;
  // NOT_FOUND without such a file, DATA_LOSS when it ends before.
  absl::StatusOr<std::string> ReadFile(const base::Uuid& file, int64_t offset,
                                       int64_t length) const;
  // NOT_FOUND without such a file.
  absl::StatusOr<int64_t> SizeOf(const base::Uuid& file) const;

  // What is not there is deleted already.
  absl::Status DeletePieces(const base::Uuid& attachment) const;
  absl::Status DeleteFile(const base::Uuid& file) const;

  // What was written before `before`, real time: attachments with pieces, and files.
  absl::StatusOr<std::vector<base::Uuid>> OldPieces(absl::Time before) const;
  absl::Status ForEachOldFile(absl::Time before,
                              const std::function<absl::Status(const base::Uuid&)>& body) const;
  // Deletes what was left behind while it was being made.
  absl::Status DeleteOldDrafts(absl::Time before) const;

 private:
  std::string PiecesOf(const base::Uuid& attachment) const;
  std::string PathOf(const base::Uuid& file) const;
  absl::Status Keep(AttachmentDraft draft, const std::string& path) const;

  std::string directory_;
};

}  // namespace ieum::casemgmt
