#include <signal.h>

#include "absl/strings/str_cat.h"
#include "tests/faults/fault.h"
#include "tests/faults/leaders.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kTakenOverWithin = absl::Seconds(10);

absl::Status HaltOnce(Scene& scene, const std::string& service, absl::Duration time) {
  World& world = scene.world;
  if (!HasOneLeader(world, service, kTakenOverWithin))
    return absl::DeadlineExceededError("nobody leads");
  const std::string leader = Leaders(world, service).front();
  world.Signal(leader, SIGSTOP);
  (void)world.Pass(time);
  world.Signal(leader, SIGCONT);
  if (HasOneLeader(world, service, kTakenOverWithin)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(Leaders(world, service).size(), " processes lead after the halted one goes on"));
}

absl::Status Run(Scene& scene, const std::string& service,
                 const std::vector<absl::Duration>& halts) {
  scene.world.AddReplica(service + "+1");
  absl::Status status;
  for (const absl::Duration halt : halts) {
    status.Update(HaltOnce(scene, service, halt));
  }
  scene.world.RemoveReplica(service + "+1");
  return status;
}

Strike Draw(Dice& dice) {
  const std::string service = dice.Pick(testing::kServices);
  std::vector<absl::Duration> halts;
  std::string words;
  absl::Duration all = absl::Seconds(2);
  for (int64_t i = dice.Between(1, 2); i > 0; --i) {
    halts.push_back(dice.Chance(0.8) ? dice.Millis(1000, 7000) : dice.Millis(7000, 15000));
    absl::StrAppend(&words, words.empty() ? "" : ", ", absl::FormatDuration(halts.back()));
    all += halts.back();
  }
  return {absl::StrCat("the leader of two processes of ", service, " halts for ", words), all,
          [=](Scene& scene) { return Run(scene, service, halts); }};
}

}  // namespace

Fault HaltLeader() {
  return {"T8", "SIGSTOP of the leading one of two processes, then SIGCONT",
          "exactly one process leads afterwards", Draw};
}

}  // namespace ieum::faults
