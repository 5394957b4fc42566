#include "tests/unit/flow/simulation/simulation.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "tests/unit/flow/simulation/sim_consumer.h"
#include "tests/unit/flow/simulation/sim_relay.h"

namespace ieum::flow::simulation {
namespace {

constexpr int kStepsOfTrouble = 1500;
constexpr int kStepsToHeal = 60000;
constexpr int kMishapPerMille = 12;

struct Simulation {
  explicit Simulation(uint64_t seed) : world(seed), consumer(world) {}

  void Tick();
  void Mishap();
  void CrashBroker();
  void Broadcast();
  bool Healed() const;

  World world;
  Beliefs beliefs{};
  std::array<SimRelay, 2> relays{SimRelay(world, beliefs), SimRelay(world, beliefs)};
  SimConsumer consumer;
  Instant next_mark = absl::ZeroDuration();
};

void Simulation::Tick() {
  world.now += absl::Milliseconds(world.Pick(4));
  relays[0].Step();
  relays[1].Step();
  consumer.Step();
  if (world.now >= next_mark) Broadcast();
}

void Simulation::Broadcast() {
  next_mark = world.now + absl::Milliseconds(100);
  for (SimRelay& relay : relays) {
    if (relay.core().leading() && world.stream_exists) consumer.Hear(relay.Mark());
  }
}

void Simulation::CrashBroker() {
  world.stream.LoseTail(static_cast<size_t>(world.Pick(12)), world.Chance(30));
  for (SimRelay& relay : relays) relay.BrokerDied();
  consumer.Disconnect();
}

void Simulation::Mishap() {
  switch (world.Pick(9)) {
    case 0:
      return relays[world.Pick(2)].Disconnect();
    case 1:
      return relays[world.Pick(2)].Restart();
    case 2:  // a lease changes hands, or a zombie believes to hold it still
      return relays[world.Pick(2)].SetLeader(world.Chance(60));
    case 3:
      return consumer.Disconnect();
    case 4:
      return consumer.Restart();
    case 5:
      return CrashBroker();
    case 6:
      if (!world.Chance(10)) return;
      world.stream.Wipe();
      world.stream_exists = false;
      return CrashBroker();
    case 7:
      return consumer.Forge();
    default:
      world.now += absl::Milliseconds(world.Pick(700));
  }
}

bool Simulation::Healed() const {
  if (!relays[0].quiet() || !relays[1].quiet() || !relays[0].core().Flushed()) return false;
  return consumer.applied() == world.ledger;
}

// Per shard the first occurrences follow each other from 1 on, and all of the ledger is there.
std::string StreamBreach(const World& world) {
  ShardPositions last{};
  for (const SimMessage& message : world.stream.messages()) {
    int64_t& shard_last = last[message.spot.shard];
    if (message.spot.pos > shard_last + 1) {
      return absl::StrCat("a hole in the stream before ", message.id);
    }
    if (message.spot.pos <= shard_last) return absl::StrCat("stored twice: ", message.id);
    shard_last = message.spot.pos;
  }
  return last == world.ledger ? "" : "the stream does not hold the whole ledger";
}

std::string Breach(const Simulation& simulation, bool healed) {
  if (!simulation.consumer.in_order()) return "an effect out of order, twice or of nothing";
  if (!healed) return "not healed";
  return StreamBreach(simulation.world);
}

}  // namespace

Outcome RunSchedule(uint64_t seed) {
  Simulation simulation(seed);
  World& world = simulation.world;
  simulation.relays[0].SetLeader(true);
  for (int step = 0; step < kStepsOfTrouble; ++step) {
    if (world.Chance(15)) ++world.ledger[world.Pick(kShards)];
    if (world.Pick(1000) < kMishapPerMille) simulation.Mishap();
    simulation.Tick();
  }
  for (SimRelay& relay : simulation.relays) relay.Calm();
  simulation.consumer.Calm();
  simulation.relays[1].SetLeader(false);
  simulation.relays[0].SetLeader(true);
  bool healed = false;
  for (int step = 0; step < kStepsToHeal && !healed; ++step) {
    simulation.Tick();
    healed = step % 16 == 0 && simulation.Healed();
  }
  Outcome outcome;
  outcome.breach = Breach(simulation, healed);
  for (const int64_t last : world.ledger) outcome.events += last;
  for (const SimRelay& relay : simulation.relays) outcome.losses += relay.core().losses();
  outcome.repairs = simulation.consumer.core().repairs();
  return outcome;
}

}  // namespace ieum::flow::simulation
