// Business time: civil dates, due dates, event times, quiet hours. Leases, deadlines and telemetry
// use real time instead (absl::Now()).
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace ieum::base {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // UNAVAILABLE (CLOCK_NOT_SET) while a simulated clock has not been set.
  virtual absl::StatusOr<absl::Time> Now() const = 0;
  // Called after each step of a simulated clock, on the setter's thread; must not block. Never
  // called by the system clock.
  virtual void OnStep(std::function<void()> callback) = 0;
};

class SystemClock final : public Clock {
 public:
  absl::StatusOr<absl::Time> Now() const override { return absl::Now(); }
  void OnStep(std::function<void()>) override {}
};

// Stands still until a driver moves it, and never goes back.
class SimulatedClock final : public Clock {
 public:
  absl::StatusOr<absl::Time> Now() const override;
  void OnStep(std::function<void()> callback) override;
  // INVALID_ARGUMENT (CLOCK_WOULD_GO_BACK) when `to` is before the current time.
  absl::Status Set(absl::Time to);

 private:
  mutable std::mutex mutex_;
  std::optional<absl::Time> now_;
  std::vector<std::function<void()>> callbacks_;
};

}  // namespace ieum::base
