// What all simulated processes share: time, chance, the ledger, the stream, the database's rows of
// the producer's relays, and the book of laws.
#pragma once

#include <string>
#include <string_view>

#include "tests/simulator/ledger.h"
#include "tests/simulator/plan.h"
#include "tests/simulator/stream.h"

namespace ieum::flow::simulation {

// A lease row and the database's clock.
struct SimLease {
  int holder = 0;  // 0 = nobody yet
  int64_t term = 0;
  Instant until = absl::ZeroDuration();

  bool Take(int owner, Instant now, absl::Duration ttl);
};

struct World {
  explicit World(const Plan& plan)
      : random(plan.seed * 2), noise(plan.noise), shards(plan.shards), writes(plan.writes) {}

  int Pick(int bound) { return random.Pick(bound); }
  // The shards in use are spread over all of them.
  int PickShard() { return random.Pick(shards); }
  // The first breach counts.
  void Breach(std::string_view law, std::string_view what);
  void Trace(std::string_view who, std::string_view what);

  Random random;
  Noise noise;  // what is left of it
  int shards, writes;
  bool brisk = false;  // everybody does all that there is to do in each tick
  Instant now = absl::ZeroDuration();
  SimLedger ledger;
  SimStream stream;
  bool stream_exists = true, broker_up = true;
  Beliefs beliefs{}, durable_beliefs{};
  SimLease relay_lease, consumer_lease;
  std::string law, breach;  // "" = all held so far
  bool tracing = false;
};

// Limits so short that a second of simulated time holds everything.
RelayLimits SimRelayLimits();
ConsumerLimits SimConsumerLimits();
inline constexpr absl::Duration kLeaseTtl = absl::Milliseconds(60);
inline constexpr absl::Duration kLeaseRenew = absl::Milliseconds(20);
inline constexpr absl::Duration kMarkInterval = absl::Milliseconds(15);

}  // namespace ieum::flow::simulation
