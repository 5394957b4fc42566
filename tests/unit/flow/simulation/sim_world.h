// What all simulated processes share: time, chance, the ledger and the stream.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "tests/unit/flow/simulation/sim_stream.h"

namespace ieum::flow::simulation {

struct World {
  explicit World(uint64_t seed) : random(seed) {}

  // A whole number from 0 to below `bound`.
  int Pick(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random); }
  bool Chance(int percent) { return Pick(100) < percent; }

  LedgerHead Head() const {
    LedgerHead head;
    head.epoch = epoch;
    head.last = ledger;
    return head;
  }

  std::mt19937_64 random;
  Instant now = absl::ZeroDuration();
  int64_t epoch = 1;
  ShardPositions ledger{};  // last position of each shard; the events are made when they are read
  SimStream stream;
  bool stream_exists = true;
};

// Limits short enough that a simulated minute holds everything.
inline RelayLimits SimRelayLimits() {
  RelayLimits limits;
  limits.max_in_flight = 8;
  limits.read_events_max = 12;
  limits.ack_timeout = absl::Milliseconds(500);
  limits.retry_max = absl::Milliseconds(200);
  return limits;
}

inline ConsumerLimits SimConsumerLimits() {
  ConsumerLimits limits;
  limits.queue_max = 64;
  limits.ahead_max = 8;
  limits.repair_events_max = 10;
  limits.behind_grace = absl::Milliseconds(300);
  limits.mark_stale = absl::Milliseconds(800);
  limits.probe_interval = absl::Milliseconds(200);
  limits.retry_max = absl::Milliseconds(200);
  return limits;
}

}  // namespace ieum::flow::simulation
