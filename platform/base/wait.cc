#include "platform/base/wait.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "absl/time/clock.h"

namespace ieum::base {

// On a condition that nobody turns, by the monotonic clock.
void Pauses::Pass() {
  std::mutex mutex;
  std::unique_lock<std::mutex> lock(mutex);
  std::condition_variable never;
  never.wait_for(lock, absl::ToChronoNanoseconds(next_), [] { return false; });
  next_ = std::min(2 * next_, longest_);
}

bool WaitFor(absl::FunctionRef<bool()> condition, absl::Duration limit, Pauses pauses) {
  const absl::Time give_up = absl::Now() + limit;
  while (!condition()) {
    if (absl::Now() > give_up) return false;
    pauses.Pass();
  }
  return true;
}

}  // namespace ieum::base
