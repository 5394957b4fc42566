// Moves the suite's business time, and waits at every stop until all that follows has happened.
#pragma once

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tools/play/services.h"
#include "tools/play/settled.h"

namespace ieum::play {

class ClockDriver {
 public:
  explicit ClockDriver(Services& services) : services_(services) {}

  // To `to`, by way of 09:00 of every day in between. Everything is settled before each step and at
  // the end. DEADLINE_EXCEEDED when it does not settle within the services' patience.
  absl::Status GoTo(absl::Time to);
  absl::Status WaitSettled();

  absl::Time now() const { return now_; }
  // Events in all ledgers when it was last settled.
  int64_t events() const { return events_; }

 private:
  absl::Status StepTo(absl::Time to);
  absl::Status Ask(const std::string& service);
  absl::StatusOr<Missing> LookAtAll();
  absl::StatusOr<Missing> LookAt(const std::string& service);

  Services& services_;
  absl::Time now_ = absl::InfinitePast();
  std::map<std::string, platform::v1::Progress> answers_;  // the last one of each service
  int64_t events_ = 0;
};

}  // namespace ieum::play
