#include "services/casemgmt/attachments/attachment_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "platform/base/failpoint.h"
#include "platform/base/status.h"
#include "platform/telemetry/log.h"

namespace ieum::casemgmt {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kRetryAfter = absl::Seconds(2);
constexpr mode_t kMode = 0600;

// What the disk said, for the log; the caller hears that it does not work now. Paths are made of
// ids.
absl::Status Refused(std::string_view what, std::string_view why) {
  telemetry::Error("attachments cannot be kept", {{"step", what}, {"error", why}});
  return base::Unavailable("the store of attachments does not answer; repeat the call",
                           kRetryAfter);
}
absl::Status Refused(std::string_view what) { return Refused(what, std::strerror(errno)); }

absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  return error ? Refused("mkdir", error.message()) : absl::OkStatus();
}

class Opened {
 public:
  Opened(const std::string& path, int flags) : file_(::open(path.c_str(), flags | O_CLOEXEC)) {}
  ~Opened() {
    if (file_ >= 0) ::close(file_);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  int get() const { return file_; }
  bool ok() const { return file_ >= 0; }

 private:
  int file_;
};

// A name is on the disk when its directory is.
absl::Status SyncDirectory(const std::string& path) {
  const Opened directory(path, O_RDONLY | O_DIRECTORY);
  if (!directory.ok() || ::fsync(directory.get()) != 0) return Refused("sync directory");
  return absl::OkStatus();
}

absl::Status NotThere() { return absl::NotFoundError("no such file"); }

absl::StatusOr<std::string> Read(const std::string& path, int64_t offset, int64_t length) {
  const Opened file(path, O_RDONLY);
  if (!file.ok()) return errno == ENOENT ? NotThere() : Refused("open");
  std::string bytes(static_cast<size_t>(length), '\0');
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::pread(file.get(), bytes.data() + done, bytes.size() - done,
                                offset + static_cast<int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Refused("read");
    if (got == 0) return absl::DataLossError("the file ends before");
    done += static_cast<size_t>(got);
  }
  return bytes;
}

absl::StatusOr<int64_t> SizeAt(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return errno == ENOENT ? NotThere() : Refused("stat");
  return static_cast<int64_t>(about.st_size);
}

std::string Hex(std::string_view bytes) {
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

bool IsOld(const fs::path& path, absl::Time before) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && absl::TimeFromTimespec(about.st_mtim) < before;
}

// Names in a directory that may not be there, or may be no directory of ours: a file that somebody
// put there is left alone.
template <class Body>
absl::Status ForEachIn(const std::string& directory, Body body) {
  std::error_code error;
  fs::directory_iterator entry(directory, error);
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
    return absl::OkStatus();
  }
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    RETURN_IF_ERROR(body(entry->path()));
  }
  return error ? Refused("list", error.message()) : absl::OkStatus();
}

}  // namespace

AttachmentDraft::AttachmentDraft(AttachmentDraft&& other) noexcept
    : file_(std::exchange(other.file_, -1)), path_(std::move(other.path_)) {}

AttachmentDraft::~AttachmentDraft() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(path_.c_str());
}

absl::Status AttachmentDraft::Append(std::string_view bytes) {
  IEUM_FAILPOINT_ERROR("attachment.write", "");
  while (!bytes.empty()) {
    const ssize_t put = ::write(file_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return Refused("write");
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return absl::OkStatus();
}

absl::Status AttachmentDraft::Sync() {
  return ::fsync(file_) == 0 ? absl::OkStatus() : Refused("sync");
}

absl::StatusOr<AttachmentDraft> AttachmentFiles::Begin() const {
  const std::string directory = absl::StrCat(directory_, "/making");
  RETURN_IF_ERROR(MakeDirectory(directory));
  std::string path = absl::StrCat(directory, "/", base::Uuid::NewV7().ToString());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
  if (file < 0) return Refused("create");
  return AttachmentDraft(file, std::move(path));
}

std::string AttachmentFiles::PiecesOf(const base::Uuid& attachment) const {
  return absl::StrCat(directory_, "/pieces/", attachment.ToString());
}

// Two levels of 256, so that no directory grows beyond what every file system lists quickly.
std::string AttachmentFiles::PlaceOf(const base::Uuid& file) {
  const std::string name = file.ToString();
  return absl::StrCat("files/", name.substr(0, 2), "/", name.substr(2, 2), "/", name);
}

std::string AttachmentFiles::PathOf(const base::Uuid& file) const {
  return absl::StrCat(directory_, "/", PlaceOf(file));
}

absl::Status AttachmentFiles::Keep(AttachmentDraft draft, const std::string& path) const {
  const std::string directory = fs::path(path).parent_path();
  RETURN_IF_ERROR(MakeDirectory(directory));
  IEUM_FAILPOINT("attachment.before_sync");
  RETURN_IF_ERROR(draft.Sync());
  IEUM_FAILPOINT("attachment.before_rename");
  if (::rename(draft.path_.c_str(), path.c_str()) != 0) return Refused("rename");
  ::close(std::exchange(draft.file_, -1));
  IEUM_FAILPOINT("attachment.after_rename");
  // The directory may be new, and so may those above it.
  for (fs::path up = directory; up.string().size() >= directory_.size(); up = up.parent_path()) {
    RETURN_IF_ERROR(SyncDirectory(up));
  }
  return absl::OkStatus();
}

absl::Status AttachmentFiles::KeepPiece(AttachmentDraft draft, const base::Uuid& attachment,
                                        int number, std::string_view digest) const {
  return Keep(std::move(draft), absl::StrCat(PiecesOf(attachment), "/", number, "-", Hex(digest)));
}

absl::Status AttachmentFiles::KeepFile(AttachmentDraft draft, const base::Uuid& file) const {
  return Keep(std::move(draft), PathOf(file));
}

absl::StatusOr<std::string> AttachmentFiles::ReadPiece(const base::Uuid& attachment, int number,
                                                       std::string_view digest) const {
  const std::string path = absl::StrCat(PiecesOf(attachment), "/", number, "-", Hex(digest));
  ASSIGN_OR_RETURN(const int64_t size, SizeAt(path));
  return Read(path, 0, size);
}

absl::StatusOr<std::string> AttachmentFiles::ReadFile(const base::Uuid& file, int64_t offset,
                                                      int64_t length) const {
  return Read(PathOf(file), offset, length);
}

absl::StatusOr<int64_t> AttachmentFiles::SizeOf(const base::Uuid& file) const {
  return SizeAt(PathOf(file));
}

absl::Status AttachmentFiles::DeletePieces(const base::Uuid& attachment) const {
  std::error_code error;
  fs::remove_all(PiecesOf(attachment), error);
  return error ? Refused("delete pieces", error.message()) : absl::OkStatus();
}

absl::Status AttachmentFiles::DeleteFile(const base::Uuid& file) const {
  const std::string path = PathOf(file);
  if (::unlink(path.c_str()) != 0) return errno == ENOENT ? absl::OkStatus() : Refused("delete");
  return SyncDirectory(fs::path(path).parent_path());
}

absl::StatusOr<std::vector<base::Uuid>> AttachmentFiles::OldPieces(absl::Time before) const {
  std::vector<base::Uuid> found;
  RETURN_IF_ERROR(ForEachIn(absl::StrCat(directory_, "/pieces"), [&](const fs::path& path) {
    const auto id = base::Uuid::Parse(path.filename().string());
    if (id && IsOld(path, before)) found.push_back(*id);
    return absl::OkStatus();
  }));
  return found;
}

absl::Status AttachmentFiles::ForEachOldFile(
    absl::Time before, const std::function<absl::Status(const base::Uuid&)>& body) const {
  const auto each_file = [&](const fs::path& path) -> absl::Status {
    const auto id = base::Uuid::Parse(path.filename().string());
    if (!id || !IsOld(path, before)) return absl::OkStatus();
    return body(*id);
  };
  return ForEachIn(absl::StrCat(directory_, "/files"), [&](const fs::path& first) {
    return ForEachIn(first, [&](const fs::path& second) { return ForEachIn(second, each_file); });
  });
}

absl::Status AttachmentFiles::DeleteOldDrafts(absl::Time before) const {
  return ForEachIn(absl::StrCat(directory_, "/making"), [&](const fs::path& path) -> absl::Status {
    if (!IsOld(path, before)) return absl::OkStatus();
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return Refused("delete draft");
    return absl::OkStatus();
  });
}

}  // namespace ieum::casemgmt
