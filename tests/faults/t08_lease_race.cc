#include <signal.h>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tests/faults/fault.h"
#include "tests/faults/leaders.h"
#include "tests/faults/patience.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kLong = absl::Seconds(60);
constexpr absl::Duration kHaltMost = absl::Seconds(6);  // twice a lease
constexpr absl::Duration kTakenOverWithin = absl::Seconds(10);

// Halts or kills whoever leads, again and again, while two others wait for the lease.
absl::Status Race(World& world, const std::string& service, Dice dice) {
  const absl::Time end = absl::Now() + kLong;
  while (absl::Now() < end) {
    if (!HasOneLeader(world, service, Patient(kTakenOverWithin))) {
      return absl::FailedPreconditionError(
          absl::StrCat(Leaders(world, service).size(), " of three processes lead"));
    }
    const std::vector<std::string> leaders = Leaders(world, service);
    if (leaders.empty()) continue;
    const std::string& leader = leaders.front();
    if (leader == service && dice.Chance(0.3)) {
      world.Kill(leader);  // the supervisor starts it again
    } else {
      world.Signal(leader, SIGSTOP);
      (void)world.Pass(dice.Millis(500, absl::ToInt64Milliseconds(kHaltMost)));
      world.Signal(leader, SIGCONT);
    }
    if (!world.Pass(dice.Millis(0, 1000))) break;
  }
  return absl::OkStatus();
}

absl::Status Run(Scene& scene, const std::string& service, const Dice& dice) {
  scene.world.AddReplica(service + "+1");
  scene.world.AddReplica(service + "+2");
  const absl::Status status = Race(scene.world, service, dice);
  scene.world.RemoveReplica(service + "+1");
  scene.world.RemoveReplica(service + "+2");
  return status;
}

Strike Draw(Dice& dice) {
  const std::string service = dice.Pick(testing::kServices);
  const Dice own = dice.Fork();
  return {absl::StrCat("three processes of ", service, " race for the lease for ",
                       absl::FormatDuration(kLong)),
          kLong + absl::Seconds(5), [=](Scene& scene) { return Run(scene, service, own); }};
}

}  // namespace

// Alone, because it takes a minute.
Fault LeaseRace() {
  return {"T8L", "three processes race for the lease while the leading one is halted or killed",
          "again and again exactly one process leads within 10 s", Draw, /*alone=*/true};
}

}  // namespace ieum::faults
