#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/status.h"
#include "tests/faults/fault.h"
#include "tests/faults/restart.h"

namespace ieum::faults {
namespace {

absl::Status Run(Scene& scene, const std::vector<std::string>& order) {
  for (const std::string& service : order) {
    RETURN_IF_ERROR(RestartGracefully(scene.world, service));
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
