#include "platform/base/clock.h"

#include "platform/base/status.h"

namespace ieum::base {

absl::StatusOr<absl::Time> SimulatedClock::Now() const {
  std::lock_guard lock(mutex_);
  if (now_) return *now_;
  return Error(absl::StatusCode::kUnavailable, "CLOCK_NOT_SET",
               "the simulated clock was not set yet; call OpsService.SetClock first");
}

void SimulatedClock::OnStep(std::function<void()> callback) {
  std::lock_guard lock(mutex_);
  callbacks_.push_back(std::move(callback));
}

absl::Status SimulatedClock::Set(absl::Time to) {
  std::vector<std::function<void()>> callbacks;
  {
    std::lock_guard lock(mutex_);
    if (now_ && to < *now_) {
      return InvalidField("CLOCK_WOULD_GO_BACK", "time",
                          "must not be before the present business time " +
                              absl::FormatTime(*now_, absl::UTCTimeZone()));
    }
    now_ = to;
    callbacks = callbacks_;
  }
  for (const auto& callback : callbacks) callback();
  return absl::OkStatus();
}

}  // namespace ieum::base
