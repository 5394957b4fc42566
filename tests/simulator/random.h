// Chance that a seed repeats: small, fast, and the same on every machine.
#pragma once

#include <cstdint>

namespace ieum::flow::simulation {

// SplitMix64.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }
  // A whole number from 0 to below `bound`.
  int Pick(int bound) {
    return static_cast<int>((Next() >> 32) * static_cast<uint64_t>(bound) >> 32);
  }
  bool Chance(int percent) { return percent > 0 && Pick(100) < percent; }

 private:
  uint64_t state_;
};

}  // namespace ieum::flow::simulation
