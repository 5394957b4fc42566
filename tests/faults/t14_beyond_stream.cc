#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/broker/stream.h"
#include "tests/faults/fault.h"
#include "tests/faults/laggard.h"
#include "tests/faults/restart.h"

namespace ieum::faults {
namespace {

constexpr char kVariable[] = "IEUM_STREAM_MAX_BYTES";
constexpr int64_t kSmall = 64 << 10;  // some hundred events
constexpr absl::Duration kDroppedWithin = absl::Seconds(60);
constexpr absl::Duration kCaughtUpWithin = absl::Seconds(30);

absl::Status SetStreamSize(World& world, const std::string& producer, int64_t bytes) {
  world.SetEnvironment(producer, kVariable, absl::StrCat(bytes));
  return RestartGracefully(world, producer);
}

absl::StatusOr<broker::StreamState> StreamOf(World& world, const std::string& producer) {
  ASSIGN_OR_RETURN(const auto connection,
                   broker::Connection::Open(world.suite().BrokerAs(producer)));
  (void)world.WaitFor([&] { return connection->connected(); }, absl::Seconds(5));
  return broker::GetStreamState(*connection, producer);
}

// The consumer stays away until the stream has dropped what it would go on with.
absl::Status StayAway(World& world, const std::string& consumer, const std::string& producer) {
  world.Hold(consumer);
  const auto stopped_at = StreamOf(world, producer);
  const bool dropped =
      stopped_at.ok() && world.WaitFor(
                             [&] {
                               const auto now = StreamOf(world, producer);
                               return now.ok() && now->first_seq > stopped_at->last_seq + 1;
                             },
                             kDroppedWithin);
  world.Release(consumer);
  RETURN_IF_ERROR(stopped_at.status());
  if (!dropped) return absl::UnimplementedError("the load did not fill a stream of 64 KiB in time");
  if (!world.WaitReady(consumer, absl::Seconds(20))) {
    return absl::DeadlineExceededError(consumer + " is not ready again");
  }
  ASSIGN_OR_RETURN(const World::Positions ledgers, world.LedgerPositions());
  return world.WaitCaughtUp(ledgers, kCaughtUpWithin).status();
}

absl::Status Run(Scene& scene, const std::string& consumer, const std::string& producer) {
  World& world = scene.world;
  absl::Status status = SetStreamSize(world, producer, kSmall);
  if (status.ok()) status = StayAway(world, consumer, producer);
  status.Update(SetStreamSize(world, producer, broker::kStreamMaxBytes));
  return status;
}

}  // namespace

Strike DrawLaggard(Dice& dice) {
  static const auto* pairs =
      new std::vector<std::pair<std::string, std::string>>{{"casemgmt", "registry"},
                                                           {"reporting", "registry"},
                                                           {"reporting", "casemgmt"},
                                                           {"notify", "casemgmt"}};
  const auto [consumer, producer] = dice.Pick(*pairs);
  return {absl::StrCat(consumer, " is away until the stream of ", producer,
                       " has dropped what it lacks"),
          absl::Seconds(15), [consumer = consumer, producer = producer](Scene& scene) {
            return Run(scene, consumer, producer);
          }};
}

}  // namespace ieum::faults
