// Many schedules, one after the other, on some threads; and a failing one made small.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "tests/simulator/simulation.h"

namespace ieum::flow::simulation {

struct Campaign {
  uint64_t first_seed = 1;
  uint64_t schedules = 0;
  int threads = 1;
  bool stop_at_first = true;                    // breach
  std::function<void(uint64_t done)> progress;  // now and then, on some thread; may be empty
};

struct Totals {
  uint64_t schedules = 0;
  int64_t events = 0, ticks = 0, losses = 0, repairs = 0, parked = 0, restores = 0;
  std::map<std::string, uint64_t> breaches;  // how often each law was broken
  // The breach of the smallest seed that was looked at.
  std::optional<uint64_t> failed_seed;
  Outcome failure;
};

Totals RunAll(const Campaign& campaign);

// The same breach with as few mishaps, ticks and noises as are found to be needed.
Cut Shrink(uint64_t seed);

// What a reader needs to see the failure again.
std::string Report(uint64_t seed, const Outcome& failure);

}  // namespace ieum::flow::simulation
