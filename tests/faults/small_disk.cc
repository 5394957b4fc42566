#include "tests/faults/small_disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tests/faults/room.h"
#include "tests/support/process.h"

namespace ieum::faults {
namespace {

namespace fs = std::filesystem;

// What is taken up by writing; more than that is only claimed, which takes no time and no room.
constexpr uint64_t kWritten = 64 << 20;

absl::Status Do(std::vector<std::string> argv) {
  const auto done = testing::RunToEnd({.argv = std::move(argv)});
  return done.ok() ? absl::OkStatus() : absl::UnimplementedError(done.status().message());
}

uint64_t BytesOf(const std::string& folder) {
  uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

}  // namespace

SmallDisk::SmallDisk(std::string folder, uint64_t free_bytes)
    : folder_(std::move(folder)),
      image_(folder_ + ".image"),
      mount_(folder_ + ".disk"),
      free_bytes_(free_bytes) {}

absl::Status SmallDisk::Insert() {
  RETURN_IF_ERROR(InOwnRoom());
  // A tenth more for what the file system needs itself.
  const uint64_t bytes = BytesOf(folder_) * 11 / 10 + free_bytes_ + (4 << 20);
  RETURN_IF_ERROR(Do({"truncate", "-s", absl::StrCat(bytes), image_}));
  RETURN_IF_ERROR(Do({"mkfs.ext4", "-q", "-m", "0", image_}));
  fs::create_directory(mount_);
  RETURN_IF_ERROR(Do({"mount", "-o", "loop", image_, mount_}));
  RETURN_IF_ERROR(Do({"cp", "-a", folder_, mount_ + "/store"}));
  fs::rename(folder_, folder_ + ".aside");
  fs::create_symlink(mount_ + "/store", folder_);
  return absl::OkStatus();
}

absl::Status SmallDisk::Fill(uint64_t left_bytes) {
  const uint64_t free = fs::space(mount_).available;
  if (free > kWritten) {
    RETURN_IF_ERROR(Do({"fallocate", "-l", absl::StrCat(free - kWritten), mount_ + "/bulk"}));
  }
  const std::string path = mount_ + "/filler", block(64 << 10, 'x');
  std::ofstream filler(path);
  while (filler.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
  }
  filler.close();
  std::error_code failed;
  const uint64_t size = fs::file_size(path, failed);
  if (!failed && size > left_bytes) fs::resize_file(path, size - left_bytes, failed);
  return failed ? absl::UnavailableError(failed.message()) : absl::OkStatus();
}

void SmallDisk::Empty() {
  std::error_code ignored;
  fs::remove(mount_ + "/filler", ignored);
  fs::remove(mount_ + "/bulk", ignored);
}

absl::Status SmallDisk::Remove() {
  Empty();
  if (!fs::is_symlink(folder_)) return absl::OkStatus();
  fs::remove(folder_);
  RETURN_IF_ERROR(Do({"cp", "-a", mount_ + "/store", folder_}));
  RETURN_IF_ERROR(Do({"umount", mount_}));
  std::error_code ignored;
  fs::remove_all(folder_ + ".aside", ignored);
  fs::remove_all(mount_, ignored);
  fs::remove(image_, ignored);
  return absl::OkStatus();
}

}  // namespace ieum::faults
