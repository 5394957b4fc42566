#include "absl/strings/str_cat.h"
#include "tests/faults/fault.h"

namespace ieum::faults {
namespace {

absl::Status Run(Scene& scene, int64_t times, absl::Duration away, absl::Duration between) {
  for (int64_t i = 0; i < times; ++i) {
    scene.world.suite().nats().KillNine();
    const bool goes_on = scene.world.Pass(away);
    scene.world.suite().nats().Start();
    if (!goes_on || !scene.world.Pass(between)) break;
  }
  return absl::OkStatus();
}

Strike Draw(Dice& dice) {
  const int64_t times = dice.Between(1, 3);
  const absl::Duration away = dice.Millis(0, 3000), between = dice.Millis(300, 2000);
  return {absl::StrCat("kill -9 of the broker, ", times, " times, away for ",
                       absl::FormatDuration(away)),
          times * (away + between), [=](Scene& scene) { return Run(scene, times, away, between); }};
}

}  // namespace

Fault KillBroker() {
  return {"T3", "kill -9 of the broker", "commands are answered while it is away", Draw};
}

}  // namespace ieum::faults
