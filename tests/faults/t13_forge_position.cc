#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/broker/stream.h"
#include "tests/faults/fault.h"
#include "tests/faults/new_epoch.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kNoticedWithin = absl::Seconds(20);
constexpr char kDelete[] = "$JS.API.STREAM.DELETE.";

// The last event of the stream once more, as one that is far ahead of the ledger.
broker::Message Forged(const broker::Message& message, int64_t ahead) {
  broker::Message forged{.subject = message.subject, .payload = message.payload};
  for (const auto& [name, value] : message.headers) {
    if (name.rfind("Nats-", 0) == 0) continue;
    forged.headers.emplace_back(
        name, name == "Ev-Pos" ? absl::StrCat(std::atoll(value.c_str()) + ahead) : value);
  }
  return forged;
}

absl::Status Run(Scene& scene, const std::string& service, int64_t ahead) {
  World& world = scene.world;
  ASSIGN_OR_RETURN(const auto connection,
                   broker::Connection::Open(world.suite().BrokerAs(service + "-admin")));
  ASSIGN_OR_RETURN(const auto state, broker::GetStreamState(*connection, service));
  ASSIGN_OR_RETURN(const auto last, broker::MessageAt(*connection, service, state.last_seq));
  RETURN_IF_ERROR(connection->Publish(Forged(last.message, ahead)));
  if (!world.WaitFor([&] { return SaysStopped(world, service); }, kNoticedWithin)) {
    return absl::DataLossError("nobody noticed a forged event of " + service);
  }
  RETURN_IF_ERROR(DeclareNewEpoch(world, service));
  // With the forged event in it the stream is no copy of the ledger: it is filled anew.
  return connection->Publish({.subject = kDelete + broker::StreamName(service)});
}

Strike Draw(Dice& dice) {
  const std::string service = dice.Pick(std::vector<std::string>{"registry", "casemgmt"});
  const int64_t ahead = dice.Between(2, 1'000'000);
  return {absl::StrCat("an event ", ahead, " positions ahead is forged in the stream of ", service),
          absl::Seconds(12), [=](Scene& scene) { return Run(scene, service, ahead); }};
}

}  // namespace

// Alone: it takes an operator to heal it. Nobody but the service itself, or who has its seed, can
// do this.
Fault ForgePosition() {
  return {"T13F", "somebody forges an event far ahead of the ledger",
          "the relay stops and says so; a new epoch and a stream filled anew heal it", Draw,
          /*alone=*/true};
}

}  // namespace ieum::faults
