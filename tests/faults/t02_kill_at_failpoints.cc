#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/faults/failpoints.h"
#include "tests/faults/fault.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kReachedWithin = absl::Seconds(8);

struct Aim {
  std::string name, service;
  int64_t nth = 1;  // visit at which it strikes
};

// True when the process came by and died.
bool Hit(World& world, const Aim& aim) {
  const int before = world.Starts(aim.service);
  world.SetFailpoints(aim.service, absl::StrCat(aim.name, ":kill9:", aim.nth));
  const bool died =
      world.WaitFor([&] { return world.Starts(aim.service) > before; }, kReachedWithin);
  world.SetFailpoints(aim.service, "");
  return died;
}

absl::Status Run(Scene& scene, const std::vector<Aim>& aims) {
  std::vector<std::string> missed;
  for (const Aim& aim : aims) {
    if (!scene.world.WaitReady(aim.service, absl::Seconds(20))) {
      return absl::DeadlineExceededError(aim.service + " is not ready");
    }
    if (!Hit(scene.world, aim)) missed.push_back(absl::StrCat(aim.name, " in ", aim.service));
  }
  for (const std::string& one : missed) {
    std::fprintf(stderr, "            the load did not come by %s\n", one.c_str());
  }
  if (missed.size() < aims.size()) return absl::OkStatus();
  return absl::UnimplementedError(
      absl::StrCat("the load did not come by: ", absl::StrJoin(missed, ", ")));
}

Strike Draw(Dice& dice) {
  std::vector<Failpoint> points;
  for (const Failpoint& point : Failpoints()) {
    if (!point.services.empty()) points.push_back(point);
  }
  dice.Shuffle(points);
  points.resize(std::min<size_t>(points.size(), 4));
  std::vector<Aim> aims;
  std::vector<std::string> words;
  for (const Failpoint& point : points) {
    aims.push_back({point.name, dice.Pick(point.services), dice.Between(1, 5)});
    words.push_back(
        absl::StrCat(aims.back().name, " of ", aims.back().service, " #", aims.back().nth));
  }
  return {absl::StrCat("kill -9 at ", absl::StrJoin(words, ", ")),
          absl::Seconds(2) * static_cast<int64_t>(aims.size()),
          [aims](Scene& scene) { return Run(scene, aims); }};
}

}  // namespace

Fault KillAtFailpoints() {
  return {"T2", "kill -9 at named failpoints of commands, publishes, effects and hand-overs",
          "nothing beyond the laws", Draw};
}

}  // namespace ieum::faults
