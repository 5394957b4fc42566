// How long to wait before the next try.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>

#include "absl/time/time.h"

namespace ieum::flow {

// Doubles from `min` to `max`; each wait is between half of that and all of it, so that many who
// failed together do not come back together. The seed makes a simulated run repeatable.
class Backoff {
 public:
  Backoff(absl::Duration min, absl::Duration max, uint64_t seed = std::random_device{}())
      : min_(min), max_(max), random_(seed) {}

  absl::Duration Next() {
    const absl::Duration full = std::min(max_, min_ * (int64_t{1} << std::min(failures_, 20)));
    ++failures_;
    return full * std::uniform_real_distribution<double>(0.5, 1.0)(random_);
  }
  void Reset() { failures_ = 0; }

 private:
  absl::Duration min_, max_;
  int failures_ = 0;
  std::mt19937_64 random_;
};

}  // namespace ieum::flow
