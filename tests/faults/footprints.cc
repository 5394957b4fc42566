#include "tests/faults/footprints.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/faults/asking.h"
#include "tools/audit/recovery.h"

namespace ieum::faults {
namespace {

constexpr int kAtOnce = 24;  // more than there are threads and connections
constexpr int kCalls = 4;
constexpr int kLooks = 20;
constexpr absl::Duration kBetween = absl::Milliseconds(50);
constexpr absl::Duration kLikeBeforeWithin = absl::Seconds(10);
constexpr char kProgress[] = "/ieum.platform.v1.OpsService/GetProgress";

void WarmUp(Scene& scene) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kAtOnce; ++i) {
    threads.emplace_back([&scene, i] {
      const auto registry = PeerOf(scene, "registry", absl::StrCat("warm-", i));
      for (int call = 0; call < kCalls; ++call) {
        for (const std::string& service : testing::kServices) {
          platform::v1::Progress progress;
          (void)scene.world.suite().driver(service).Call(
              kProgress, platform::v1::GetProgressRequest(), &progress);
        }
        const base::Uuid firm = base::Uuid::NewV7();
        registry::v1::Organization organization;
        (void)Surely(scene, *registry, kCreateOrganization,
                     NewFirm(firm, "준비", base::Uuid::NewV7()), &organization, firm.ToString());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

bool LikeBefore(const World::Footprints& before, const World::Footprints& now) {
  for (const auto& [service, held] : before) {
    if (audit::GrewInMemory(held.rss_kb, now.at(service).rss_kb, absl::Seconds(held.warm_s)) ||
        audit::GrewInFiles(held.fds, now.at(service).fds)) {
      return false;
    }
  }
  return true;
}

}  // namespace

HeldBefore::HeldBefore(Scene& scene) : world_(scene.world) {
  WarmUp(scene);
  for (int look = 0; look < kLooks && world_.Pass(kBetween); ++look) Look();
}

void HeldBefore::Look() {
  if (finished_) return;
  for (const auto& [service, held] : world_.FootprintsNow()) {
    most_[service].rss_kb = std::max(most_[service].rss_kb, held.rss_kb);
    most_[service].fds = std::max(most_[service].fds, held.fds);
    most_[service].warm_s = absl::ToInt64Seconds(absl::Now() - began_);
  }
}

const World::Footprints& HeldBefore::Finish() {
  if (!std::exchange(finished_, true)) world_.Keep(most_, "before");
  return most_;
}

World::Footprints HeldAfter(World& world, const World::Footprints& before) {
  World::Footprints now;
  (void)world.WaitFor(
      [&] {
        now = world.FootprintsNow();
        return LikeBefore(before, now);
      },
      kLikeBeforeWithin);
  world.Keep(now, "after");
  return now;
}

}  // namespace ieum::faults
