// One seeded run of a whole small world: two relays that may both believe to lead, one consumer, a
// broker that loses, and a schedule of mishaps; afterwards everything heals, and the laws are
// looked at.
#pragma once

#include <cstdint>
#include <string>

namespace ieum::flow::simulation {

struct Outcome {
  std::string breach;  // "" = every law held
  int64_t events = 0;
  int64_t losses = 0;   // times that the broker lost something and the relay said so
  int64_t repairs = 0;  // runs that the consumer read from the ledger
};

// The same seed gives the same run.
Outcome RunSchedule(uint64_t seed);

}  // namespace ieum::flow::simulation
