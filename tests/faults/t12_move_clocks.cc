#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tests/faults/fault.h"

namespace ieum::faults {
namespace {

constexpr char kLibrary[] = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

void SetOffset(const std::string& file, int64_t minutes) {
  std::ofstream(file) << (minutes < 0 ? "" : "+") << minutes << "m\n";
}

void Preload(World& world, const std::string& service, const std::string& library,
             const std::string& file) {
  world.SetEnvironment(service, "LD_PRELOAD", library);
  world.SetEnvironment(service, "FAKETIME_TIMESTAMP_FILE", file);
  world.SetEnvironment(service, "FAKETIME_NO_CACHE", "1");
  world.SetEnvironment(service, "FAKETIME_DONT_FAKE_MONOTONIC", "1");
}

// The library leaves a semaphore and a page behind when its process is killed.
void CleanUpBehind(pid_t pid) {
  std::error_code ignored;
  for (const char* kind : {"faketime_shm_", "sem.faketime_sem_"}) {
    std::filesystem::remove(absl::StrCat("/dev/shm/", kind, pid), ignored);
  }
}

absl::Status Restart(World& world, const std::string& service) {
  const pid_t before = world.Pid(service);
  const int starts = world.Starts(service);
  world.Kill(service);
  (void)world.WaitFor([&] { return world.Starts(service) > starts; }, absl::Seconds(5));
  CleanUpBehind(before);
  if (world.WaitReady(service, absl::Seconds(20))) return absl::OkStatus();
  return absl::DeadlineExceededError(service + " is not ready with a wrong clock");
}

// A sanitizer wants to be the first library of a process.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

absl::Status Run(Scene& scene, const std::string& service, const std::vector<int64_t>& minutes) {
  if (kSanitized) return absl::UnimplementedError("a sanitizer is compiled in");
  if (!std::filesystem::exists(kLibrary)) {
    return absl::UnimplementedError(absl::StrCat(kLibrary, " is not there (package faketime)"));
  }
  const std::string file = absl::StrCat(scene.world.suite().folder(), "/clock-", service);
  SetOffset(file, minutes.front());
  Preload(scene.world, service, kLibrary, file);
  absl::Status status = Restart(scene.world, service);
  for (const int64_t offset : minutes) {
    SetOffset(file, offset);
    if (!scene.world.Pass(absl::Seconds(2))) break;
  }
  Preload(scene.world, service, "", "");
  status.Update(Restart(scene.world, service));
  return status;
}

Strike Draw(Dice& dice) {
  const std::string service = dice.Pick(testing::kServices);
  std::vector<int64_t> minutes;
  std::string words;
  for (int64_t i = dice.Between(1, 3); i > 0; --i) {
    minutes.push_back(dice.Between(-60, 60));
    absl::StrAppend(&words, words.empty() ? "" : ", then ", minutes.back());
  }
  return {absl::StrCat("the clock of ", service, " is wrong by minutes: ", words),
          absl::Seconds(2 * static_cast<int64_t>(minutes.size()) + 2),
          [=](Scene& scene) { return Run(scene, service, minutes); }};
}

}  // namespace

Fault MoveClocks() {
  return {"T12", "the machine's clock of one process jumps by up to an hour",
          "leases follow the database's clock", Draw};
}

}  // namespace ieum::faults
