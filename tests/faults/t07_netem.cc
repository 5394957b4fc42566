// The kernel's own bad network, where there is one.
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tests/faults/fault.h"
#include "tests/faults/room.h"

namespace ieum::faults {
namespace {

using testing::RunToEnd;

constexpr char kDelay[] = "200ms";
constexpr absl::Duration kCaughtUpWithin = absl::Seconds(60);

std::vector<std::string> Queue(const char* verb) {
  std::vector<std::string> argv = {"tc", "qdisc", verb, "dev", "lo", "root"};
  if (std::string_view(verb) == "add") {
    argv.insert(argv.end(), {"netem", "loss", "5%", "delay", kDelay});
  }
  return argv;
}

// UNIMPLEMENTED with the kernel's own words where it has no such queue.
absl::Status Run(Scene& scene, absl::Duration time) {
  RETURN_IF_ERROR(InOwnRoom());
  const auto made = RunToEnd({.argv = Queue("add")});
  if (!made.ok()) return absl::UnimplementedError(std::string(made.status().message()));
  (void)scene.world.Pass(time);
  RETURN_IF_ERROR(RunToEnd({.argv = Queue("del")}).status());
  ASSIGN_OR_RETURN(const World::Positions ledgers, scene.world.LedgerPositions());
  return scene.world.WaitCaughtUp(ledgers, kCaughtUpWithin).status();
}

Strike Draw(Dice& dice) {
  const absl::Duration time = dice.Millis(5000, 15000);
  return {absl::StrCat("one packet of twenty is lost and every one takes ", kDelay, " for ",
                       absl::FormatDuration(time)),
          time + absl::Seconds(5), [=](Scene& scene) { return Run(scene, time); }};
}

}  // namespace

Fault DelayNetwork() {
  return {"T7N", "tc netem on every way: 5 % of the packets lost, 200 ms each way",
          "everybody catches up afterwards", Draw, /*alone=*/true};
}

}  // namespace ieum::faults
