#include "tools/play/clock_driver.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tools/play/settled.h"
#include "tools/play/times.h"

namespace ieum::play {
namespace {

using platform::v1::Progress;

// Short: an effect takes a few milliseconds, and a year has some thousand stops.
constexpr absl::Duration kPollMin = absl::Milliseconds(1);
constexpr absl::Duration kPollMax = absl::Milliseconds(8);

}  // namespace

// Everything that is missing now, or "".
absl::StatusOr<std::string> ClockDriver::Look() {
  std::vector<Progress> all;
  for (const std::string& name : services_.names()) {
    absl::StatusOr<Progress> progress = services_.Progress(name);
    if (!progress.ok()) return fmt::format("{}: {}", name, progress.status().ToString());
    if (!progress->has_business_time()) services_.RemindOfClock(name);
    all.push_back(*std::move(progress));
  }
  ASSIGN_OR_RETURN(std::string missing, WhatIsMissing(all));
  if (missing.empty()) events_ = EventsOf(all);
  return missing;
}

absl::Status ClockDriver::WaitSettled() {
  const absl::Time give_up = absl::Now() + services_.patience();
  for (absl::Duration pause = kPollMin;; pause = std::min(2 * pause, kPollMax)) {
    ASSIGN_OR_RETURN(const std::string missing, Look());
    if (missing.empty()) return absl::OkStatus();
    if (absl::Now() > give_up) {
      return absl::DeadlineExceededError(absl::StrCat("the services do not settle: ", missing));
    }
    std::this_thread::sleep_for(absl::ToChronoMicroseconds(pause));
  }
}

absl::Status ClockDriver::StepTo(absl::Time to) {
  RETURN_IF_ERROR(services_.SetClock(to));
  now_ = to;
  return WaitSettled();
}

absl::Status ClockDriver::GoTo(absl::Time to) {
  if (now_ == absl::InfinitePast()) return StepTo(to);
  RETURN_IF_ERROR(WaitSettled());
  for (const absl::Time stop : StopsBetween(now_, to)) RETURN_IF_ERROR(StepTo(stop));
  return absl::OkStatus();
}

}  // namespace ieum::play
