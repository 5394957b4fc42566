#include <signal.h>

#include "absl/strings/str_cat.h"
#include "tests/faults/fault.h"

namespace ieum::faults {
namespace {

constexpr char kBroker[] = "the broker";
constexpr char kPostgres[] = "PostgreSQL";

void Signal(World& world, const std::string& victim, int signal) {
  if (victim == kBroker) {
    world.suite().nats().Signal(signal);
  } else if (victim == kPostgres) {
    world.SignalPostgres(signal);
  } else {
    world.Signal(victim, signal);
  }
}

absl::Status Run(Scene& scene, const std::string& victim, absl::Duration time) {
  Signal(scene.world, victim, SIGSTOP);
  (void)scene.world.Pass(time);
  Signal(scene.world, victim, SIGCONT);
  return absl::OkStatus();
}

Strike Draw(Dice& dice) {
  const std::string victim = dice.Pick(std::vector<std::string>{
      kBroker, kBroker, kPostgres, kPostgres, "registry", "casemgmt", "reporting", "notify"});
  const absl::Duration time = dice.Chance(0.8) ? dice.Millis(300, 5000) : dice.Millis(5000, 15000);
  return {absl::StrCat(victim, " halts for ", absl::FormatDuration(time)), time,
          [=](Scene& scene) { return Run(scene, victim, time); }};
}

}  // namespace

Fault HaltServers() {
  return {"T9", "SIGSTOP of the broker, PostgreSQL or a service, then SIGCONT",
          "calls end at their deadlines", Draw};
}

}  // namespace ieum::faults
