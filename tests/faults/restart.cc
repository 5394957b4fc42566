#include "tests/faults/restart.h"

#include "absl/strings/str_cat.h"
#include "tests/faults/patience.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kEndedWithin = absl::Seconds(6);  // 5 s of draining, and the machine's
constexpr absl::Duration kReadyWithin = absl::Seconds(20);

}  // namespace

absl::Status RestartGracefully(World& world, const std::string& service) {
  const World::Ended ended = world.Terminate(service);
  if (ended.code != 0 || ended.took > Patient(kEndedWithin)) {
    return absl::DeadlineExceededError(absl::StrCat(service, " ended with ", ended.code, " after ",
                                                    absl::FormatDuration(ended.took)));
  }
  if (world.WaitReady(service, kReadyWithin)) return absl::OkStatus();
  return absl::DeadlineExceededError(service + " is not ready again");
}

}  // namespace ieum::faults
