#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/faults/fault.h"
#include "tests/faults/patience.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kBackWithin = absl::Seconds(2);

struct Blow {
  std::string service;
  absl::Duration after;  // the one before
};

absl::Status Run(Scene& scene, const std::vector<Blow>& blows) {
  for (const Blow& blow : blows) {
    if (!scene.world.Pass(blow.after)) return absl::OkStatus();
    scene.world.Kill(blow.service);
  }
  // The last one is alone: the machine is not busy with starting others.
  const absl::Time killed = absl::Now();
  if (!scene.world.WaitReady(blows.back().service, absl::Seconds(20))) {
    return absl::DeadlineExceededError(blows.back().service + " is not ready 20 s after its kill");
  }
  if (const absl::Duration took = absl::Now() - killed; took > Patient(kBackWithin)) {
    return absl::DeadlineExceededError(
        absl::StrCat(blows.back().service, " was back only after ", absl::FormatDuration(took)));
  }
  return absl::OkStatus();
}

Strike Draw(Dice& dice) {
  std::vector<Blow> blows;
  std::vector<std::string> words;
  absl::Duration all;
  const int64_t count = dice.Between(3, 8);
  for (int64_t i = 0; i < count; ++i) {
    blows.push_back({dice.Pick(testing::kServices), dice.Millis(500, 3000)});
    all += blows.back().after;
    words.push_back(
        absl::StrCat(blows.back().service, " +", absl::FormatDuration(blows.back().after)));
  }
  return {absl::StrCat("kill -9 ", absl::StrJoin(words, ", ")), all,
          [blows](Scene& scene) { return Run(scene, blows); }};
}

}  // namespace

Fault KillServices() {
  return {"T1", "kill -9 of a random service every 0.5 to 3 s",
          "a killed service is ready again within 2 s", Draw};
}

}  // namespace ieum::faults
