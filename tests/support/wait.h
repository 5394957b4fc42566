// Waiting for progress, never for time: the condition decides, the limit only ends a lost test.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace ieum::testing {

inline constexpr std::chrono::milliseconds kPollInterval(2);

// True as soon as `condition` holds; false when it never did within `limit`.
inline bool WaitFor(const std::function<bool()>& condition,
                    std::chrono::milliseconds limit = std::chrono::seconds(20)) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(kPollInterval);
  }
  return true;
}

}  // namespace ieum::testing
