#include "absl/strings/str_cat.h"
#include "tests/faults/fault.h"

namespace ieum::faults {
namespace {

absl::Status Run(Scene& scene, const std::string& service, absl::Duration time) {
  World& world = scene.world;
  world.AddReplica(service + "+1");
  world.SetFailpoints(service, "lease.forced:on");
  (void)world.Pass(time);
  world.SetFailpoints(service, "");
  world.RemoveReplica(service + "+1");
  return absl::OkStatus();
}

Strike Draw(Dice& dice) {
  const std::string service = dice.Pick(testing::kServices);
  const absl::Duration time = dice.Millis(2000, 8000);
  return {absl::StrCat("both of two processes of ", service, " believe that they lead, for ",
                       absl::FormatDuration(time)),
          time + absl::Seconds(2), [=](Scene& scene) { return Run(scene, service, time); }};
}

}  // namespace

Fault TwoLeaders() {
  return {"T10", "two leaders: no process looks at its leases",
          "the stream's chain and the cursors alone keep the order", Draw};
}

}  // namespace ieum::faults
