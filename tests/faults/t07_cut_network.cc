#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/status.h"
#include "tests/faults/bad_weather.h"
#include "tests/faults/fault.h"
#include "tests/faults/room.h"

namespace ieum::faults {
namespace {

using testing::RunToEnd;

struct Cut {
  std::string words;
  std::string victim;                  // "broker", a service, or "" for all
  std::string side;                    // "--dport" cuts what is sent there, "--sport" its answers
  std::vector<std::string> condition;  // further ones
};

std::string PortOf(World& world, const std::string& victim) {
  const std::string address =
      victim == "broker" ? world.suite().nats().url() : world.AddressOf(victim);
  return address.substr(address.rfind(':') + 1);
}

std::vector<std::string> Rule(World& world, const Cut& cut, const char* verb) {
  std::vector<std::string> argv = {"iptables", "-w", verb, "INPUT", "-i", "lo", "-p", "tcp"};
  if (!cut.victim.empty()) {
    argv.push_back(cut.side);
    argv.push_back(PortOf(world, cut.victim));
  }
  argv.insert(argv.end(), cut.condition.begin(), cut.condition.end());
  argv.insert(argv.end(), {"-j", "DROP"});
  return argv;
}

absl::Status Run(Scene& scene, const Cut& cut, absl::Duration time) {
  RETURN_IF_ERROR(InOwnRoom());
  const auto made = RunToEnd({.argv = Rule(scene.world, cut, "-A")});
  if (!made.ok()) return absl::UnimplementedError(std::string(made.status().message()));
  (void)scene.world.Pass(time);
  return RunToEnd({.argv = Rule(scene.world, cut, "-D")}).status();
}

Cut DrawCut(Dice& dice) {
  const std::string service = dice.Pick(testing::kServices);
  switch (dice.Between(0, 4)) {
    case 0:
      return {"nothing reaches the broker", "broker", "--dport", {}};
    case 1:
      return {"no answer comes from the broker", "broker", "--sport", {}};
    case 2:
      return {absl::StrCat("nothing reaches ", service), service, "--dport", {}};
    case 3:
      return {absl::StrCat("no answer comes from ", service), service, "--sport", {}};
    default:
      return {"one packet of twenty is lost",
              "",
              "",
              {"-m", "statistic", "--mode", "random", "--probability", "0.05"}};
  }
}

Strike Draw(Dice& dice) {
  if (dice.Chance(0.5)) return DrawBadWeather(dice);
  const Cut cut = DrawCut(dice);
  const absl::Duration time = dice.Millis(1000, 5000);
  return {absl::StrCat(cut.words, " for ", absl::FormatDuration(time)), time,
          [=](Scene& scene) { return Run(scene, cut, time); }};
}

}  // namespace

Fault CutNetwork() {
  return {"T7",
          "partitions, one way and both, lost packets, delay and broken connections of one way",
          "what a service says on a bad way is at most three times its usual", Draw};
}

}  // namespace ieum::faults
