// Everything random of a run, from one seed.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <vector>

#include "absl/time/time.h"
#include "platform/base/uuid.h"

namespace ieum::faults {

// One thread.
class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}

  int64_t Between(int64_t low, int64_t high) {  // both included
    return std::uniform_int_distribution<int64_t>(low, high)(random_);
  }
  bool Chance(double probability) { return std::bernoulli_distribution(probability)(random_); }
  absl::Duration Millis(int64_t low, int64_t high) {
    return absl::Milliseconds(Between(low, high));
  }
  template <class T>
  const T& Pick(const std::vector<T>& things) {
    return things[static_cast<size_t>(Between(0, static_cast<int64_t>(things.size()) - 1))];
  }
  template <class T>
  void Shuffle(std::vector<T>& things) {
    std::shuffle(things.begin(), things.end(), random_);
  }
  base::Uuid Id() {
    std::array<uint8_t, 16> bytes;
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(Between(0, 255));
    bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x40);  // version 4
    bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
    return base::Uuid(bytes);
  }
  // Dice of their own for a part of the run, so that parts do not change each other's numbers.
  Dice Fork() { return Dice(random_()); }

 private:
  std::mt19937_64 random_;
};

}  // namespace ieum::faults
