#include "absl/strings/str_cat.h"
#include "tests/faults/fault.h"
#include "tests/faults/laggard.h"
#include "tests/faults/patience.h"

namespace ieum::faults {
namespace {

// Calls of one second, done.
int64_t DoneIn(Scene& scene, absl::Duration time) {
  const int64_t before = scene.load.tallies().done;
  (void)scene.world.Pass(time);
  return scene.load.tallies().done - before;
}

absl::Status Run(Scene& scene, const std::string& service, absl::Duration time,
                 absl::Duration each) {
  const int64_t before = DoneIn(scene, absl::Seconds(2));
  scene.world.SetFailpoints(
      service, absl::StrCat("effect.before_tx:pause(", absl::ToInt64Milliseconds(each), ")"));
  (void)scene.world.Pass(time - absl::Seconds(2));
  const int64_t during = DoneIn(scene, absl::Seconds(2));
  scene.world.SetFailpoints(service, "");
  // Half leaves room for a busy machine: a producer that waited for its consumers would do none.
  if (static_cast<double>(during) * 2 * Slack() >= static_cast<double>(before))
    return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("clients were done with ", before,
                                                    " commands in 2 s before, with ", during,
                                                    " while ", service, " was slow"));
}

Strike Draw(Dice& dice) {
  if (dice.Chance(0.3)) return DrawLaggard(dice);
  const std::string service =
      dice.Pick(std::vector<std::string>{"casemgmt", "reporting", "notify"});
  const absl::Duration time = dice.Millis(4000, 9000), each = dice.Millis(100, 1000);
  return {absl::StrCat(service, " takes ", absl::FormatDuration(each), " for a batch, for ",
                       absl::FormatDuration(time)),
          time + absl::Seconds(2), [=](Scene& scene) { return Run(scene, service, time, each); }};
}

}  // namespace

Fault SlowConsumer() {
  return {"T14", "a consumer is fifty times too slow, or away for longer than a stream keeps",
          "producers answer at least half as many commands as before; what was dropped comes from "
          "the ledger",
          Draw};
}

}  // namespace ieum::faults
