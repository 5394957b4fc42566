#include "services/notify/messages/pause.h"

#include <algorithm>

#include "services/notify/messages/outcome.h"

namespace ieum::notify {
namespace {

constexpr absl::Duration kPauseMax = absl::Seconds(30);

}  // namespace

bool Pause::On() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return elapsed_() < until_;
}

void Pause::Begin() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Duration now = elapsed_();
  if (now < until_) return;
  until_ = now + std::min(kPauseMax, RetryAfter(++times_));
}

void Pause::Forget() {
  const std::lock_guard<std::mutex> lock(mutex_);
  times_ = 0;
}

}  // namespace ieum::notify
