#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/faults/every_failpoint.h"
#include "tests/faults/failpoints.h"
#include "tests/faults/fault.h"
#include "tests/faults/poison.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kReachedWithin = absl::Seconds(8);
constexpr absl::Duration kReachedSoon = absl::Seconds(4);

struct Aim {
  std::string name, service;
  int64_t nth = 1;  // visit at which it strikes
};

// True when the process came by and died.
bool Hit(World& world, const Aim& aim, absl::Duration within) {
  const int before = world.Starts(aim.service);
  world.SetFailpoints(aim.service, absl::StrCat(aim.name, ":kill9:", aim.nth));
  const bool died = world.WaitFor([&] { return world.Starts(aim.service) > before; }, within);
  world.SetFailpoints(aim.service, "");
  if (died) world.Struck(aim.name);
  return died;
}

// Some places are passed only when a process starts: those see it start.
bool HitAtStart(World& world, const Aim& aim) {
  world.SetFailpoints(aim.service, absl::StrCat(aim.name, ":kill9:", aim.nth));
  const int before = world.Starts(aim.service);
  world.Kill(aim.service);
  const bool died =
      world.WaitFor([&] { return world.Starts(aim.service) > before + 1; }, kReachedWithin);
  world.SetFailpoints(aim.service, "");
  if (died) world.Struck(aim.name);
  return died;
}

absl::Status Run(Scene& scene, const std::vector<Aim>& aims) {
  std::vector<std::string> missed;
  for (const Aim& aim : aims) {
    if (!scene.world.WaitReady(aim.service, absl::Seconds(20))) {
      return absl::DeadlineExceededError(aim.service + " is not ready");
    }
    if (!Hit(scene.world, aim, kReachedWithin))
      missed.push_back(absl::StrCat(aim.name, " in ", aim.service));
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

// At one place, in any of the services that come by it.
absl::Status RunPoint(Scene& scene, const std::vector<Aim>& aims) {
  for (const Aim& aim : aims) {
    if (!scene.world.WaitReady(aim.service, absl::Seconds(20))) {
      return absl::DeadlineExceededError(aim.service + " is not ready");
    }
    if (Hit(scene.world, aim, kReachedSoon) || HitAtStart(scene.world, aim)) {
      return absl::OkStatus();
    }
  }
  return absl::NotFoundError("nobody came by " + aims.front().name);
}

}  // namespace

std::vector<Strike> AtEveryFailpoint(Dice& dice) {
  std::vector<Strike> strikes;
  for (const Failpoint& point : Failpoints()) {
    if (point.services.empty()) {
      strikes.push_back(DrawKillWhileParking(dice));
      continue;
    }
    std::vector<std::string> services = point.services;
    dice.Shuffle(services);
    std::vector<Aim> aims;
    for (const std::string& service : services) aims.push_back({point.name, service, 1});
    strikes.push_back({absl::StrCat("kill -9 at ", point.name, " of ", services.front()),
                       absl::Seconds(2), [aims](Scene& scene) { return RunPoint(scene, aims); }});
  }
  return strikes;
}

Fault KillAtFailpoints() {
  return {"T2", "kill -9 at named failpoints of commands, publishes, effects and hand-overs",
          "nothing beyond the laws", Draw};
}

}  // namespace ieum::faults
