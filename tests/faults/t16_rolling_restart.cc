#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/faults/fault.h"
#include "tests/faults/patience.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kEndedWithin = absl::Seconds(6);  // 5 s of draining, and the machine's
constexpr absl::Duration kReadyWithin = absl::Seconds(20);

absl::Status RestartOne(World& world, const std::string& service) {
  const World::Ended ended = world.Terminate(service);
  if (ended.code != 0 || ended.took > Patient(kEndedWithin)) {
    return absl::DeadlineExceededError(absl::StrCat(service, " ended with ", ended.code, " after ",
                                                    absl::FormatDuration(ended.took)));
  }
  if (world.WaitReady(service, kReadyWithin)) return absl::OkStatus();
  return absl::DeadlineExceededError(service + " is not ready again");
}

absl::Status Run(Scene& scene, const std::vector<std::string>& order) {
  for (const std::string& service : order) {
    const absl::Status status = RestartOne(scene.world, service);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

Strike Draw(Dice& dice) {
  std::vector<std::string> order = testing::kServices;
  dice.Shuffle(order);
  return {absl::StrCat("SIGTERM under load: ", absl::StrJoin(order, ", ")),
          absl::Seconds(2) * static_cast<int64_t>(order.size()),
          [order](Scene& scene) { return Run(scene, order); }};
}

}  // namespace

Fault RollingRestart() {
  return {"T16", "rolling restart with SIGTERM under load",
          "each process ends by itself within 5 s and with 0", Draw};
}

}  // namespace ieum::faults
