// One schedule in a whole small world: two relays that may both believe to lead, two consumers that
// may both believe to be the one, a broker that loses, databases that die, a list of mishaps.
// Afterwards everything heals, is used once more as on an ordinary day, and the laws are looked at.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulator/plan.h"

namespace ieum::flow::simulation {

struct Outcome {
  std::string law;     // "" = every law held; else the first that did not
  std::string breach;  // where
  int64_t events = 0;
  int64_t ticks = 0;
  int64_t losses = 0;    // times that the broker lost something and a relay said so
  int64_t repairs = 0;   // runs that a consumer read from the ledger
  int64_t parked = 0;    // dead letters
  int64_t restores = 0;  // epochs after the first
};

// The same plan gives the same run. `trace`: everything that happens goes to standard output.
Outcome RunSchedule(const Plan& plan, bool trace = false);

}  // namespace ieum::flow::simulation
