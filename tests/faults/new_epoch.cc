#include "tests/faults/new_epoch.h"

#include "platform/base/status.h"
#include "tests/flows/admin.h"

namespace ieum::faults {

bool SaysStopped(World& world, const std::string& service) {
  const auto metrics = testing::AskAdmin(world.suite().AdminPort(service), "/metrics");
  return testing::SumOf(metrics.text, "ieum_relay_stopped") > 0;
}

absl::Status DeclareNewEpoch(World& world, const std::string& service) {
  testing::Suite& suite = world.suite();
  world.Hold(service);
  const absl::Status declared =
      suite.Tell(service, {"new-epoch", "--reason", "on purpose"}).status();
  world.Release(service);
  RETURN_IF_ERROR(declared);
  if (!world.WaitReady(service, absl::Seconds(20))) {
    return absl::DeadlineExceededError(service + " is not ready in its new epoch");
  }
  ASSIGN_OR_RETURN(const auto ledgers, world.LedgerPositions());
  return world.WaitCaughtUp(ledgers, absl::Minutes(1)).status();
}

}  // namespace ieum::faults
