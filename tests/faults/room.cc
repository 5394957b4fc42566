#include "tests/faults/room.h"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace ieum::faults {
namespace {

absl::Status& Room() {
  static auto* room =
      new absl::Status(absl::UnimplementedError("no room of its own was asked for"));
  return *room;
}

absl::Status Failed(const char* what) {
  return absl::UnimplementedError(absl::StrCat(what, ": ", std::strerror(errno)));
}

absl::Status LoopbackUp() {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return Failed("socket");
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", sizeof(request.ifr_name) - 1);
  request.ifr_flags = IFF_UP;
  const bool up = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
  const absl::Status status = up ? absl::OkStatus() : Failed("loopback");
  close(fd);
  return status;
}

absl::Status Enter() {
  if (geteuid() != 0) return absl::UnimplementedError("not root");
  if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0) return Failed("namespaces");
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return Failed("mounts");
  return LoopbackUp();
}

}  // namespace

void EnterRoom() { Room() = Enter(); }

absl::Status InOwnRoom() { return Room(); }

}  // namespace ieum::faults
