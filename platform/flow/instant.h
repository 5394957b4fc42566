// Time of the flow: leases, back-off and grace are measured on a clock that never jumps. The cores
// are given it, so that a simulator may give its own.
#pragma once

#include <chrono>

#include "absl/time/time.h"

namespace ieum::flow {

// Since an arbitrary moment; never goes back.
using Instant = absl::Duration;

inline Instant MonotonicNow() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace ieum::flow
