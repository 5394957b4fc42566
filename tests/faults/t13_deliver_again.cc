#include "absl/strings/str_cat.h"
#include "tests/faults/fault.h"
#include "tests/flows/redelivery.h"

namespace ieum::faults {
namespace {

absl::Status Run(Scene& scene, absl::Duration time, uint64_t seed, double share) {
  testing::Redelivery redelivery(scene.world.suite(), share, seed);
  const absl::Time end = absl::Now() + time;
  while (absl::Now() < end && scene.world.Pass(absl::Milliseconds(50))) redelivery.Step();
  redelivery.Finish();
  return absl::OkStatus();
}

Strike Draw(Dice& dice) {
  const absl::Duration time = dice.Millis(3000, 6000);
  const auto seed = static_cast<uint64_t>(dice.Between(1, 1'000'000));
  const double share = 0.02 * static_cast<double>(dice.Between(1, 10));
  return {absl::StrCat(share * 100, " % of all events so far again, late and in random order"),
          time, [=](Scene& scene) { return Run(scene, time, seed, share); }};
}

}  // namespace

Fault DeliverAgain() {
  return {"T13", "events are delivered again, late and out of order", "nothing beyond the laws",
          Draw};
}

}  // namespace ieum::faults
