#include <filesystem>

#include "absl/strings/str_cat.h"
#include "platform/broker/stream.h"
#include "tests/faults/fault.h"

namespace ieum::faults {
namespace {

constexpr char kDelete[] = "$JS.API.STREAM.DELETE.";

// The whole store, while the broker works on it; it is killed soon after.
absl::Status LoseStore(Scene& scene, absl::Duration before_kill) {
  testing::NatsServer& nats = scene.world.suite().nats();
  std::error_code ignored;
  std::filesystem::remove_all(nats.store(), ignored);
  (void)scene.world.Pass(before_kill);
  nats.KillNine();
  nats.WipeStore();
  nats.Start();
  return absl::OkStatus();
}

absl::Status DeleteStream(Scene& scene, const std::string& service) {
  auto connection = broker::Connection::Open(scene.world.suite().BrokerAs(service + "-admin"));
  if (!connection.ok()) return connection.status();
  return (*connection)->Publish({.subject = kDelete + broker::StreamName(service)});
}

Strike Draw(Dice& dice) {
  const absl::Duration before_kill = dice.Millis(0, 1500);
  const std::string service = dice.Pick(testing::kServices);
  if (dice.Chance(0.5)) {
    return {"the broker's store is removed while it runs, then it is killed", absl::Seconds(4),
            [=](Scene& scene) { return LoseStore(scene, before_kill); }};
  }
  return {absl::StrCat("the stream of ", service, " is deleted"), absl::Seconds(2),
          [=](Scene& scene) { return DeleteStream(scene, service); }};
}

}  // namespace

Fault LoseStreams() {
  return {"T5", "the broker's store is removed, or a stream deleted",
          "streams are made again and filled from the ledger", Draw};
}

}  // namespace ieum::faults
