#include "tools/play/clock_driver.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/base/wait.h"
#include "tools/play/times.h"

namespace ieum::play {
namespace {

using platform::v1::Progress;

// Short: an effect takes a few milliseconds, and a year has some thousand stops.
constexpr absl::Duration kPollMin = absl::Milliseconds(1);
constexpr absl::Duration kPollMax = absl::Milliseconds(8);
constexpr int kLooksAtOne = 8;  // then the others are asked anew too

}  // namespace

absl::Status ClockDriver::Ask(const std::string& service) {
  ASSIGN_OR_RETURN(answers_[service], services_.Progress(service));
  if (!answers_[service].has_business_time()) services_.RemindOfClock(service);
  return absl::OkStatus();
}

// A reading of all services, each asked now.
absl::StatusOr<Missing> ClockDriver::LookAtAll() {
  std::vector<Progress> all;
  for (const std::string& name : services_.names()) {
    const absl::Status asked = Ask(name);
    if (!asked.ok()) return Missing{name, fmt::format("{}: {}", name, asked.ToString())};
    all.push_back(answers_[name]);
  }
  ASSIGN_OR_RETURN(Missing missing, WhatIsMissing(all));
  if (missing.service.empty()) events_ = EventsOf(all);
  return missing;
}

// One service asked now, and the older answers of the others: enough to see that it is still
// behind, at a quarter of the price.
absl::StatusOr<Missing> ClockDriver::LookAt(const std::string& service) {
  const absl::Status asked = Ask(service);
  if (!asked.ok()) return Missing{service, fmt::format("{}: {}", service, asked.ToString())};
  std::vector<Progress> all;
  for (const auto& [name, answer] : answers_) all.push_back(answer);
  return WhatIsMissing(all);
}

absl::Status ClockDriver::WaitSettled() {
  const absl::Time give_up = absl::Now() + services_.patience();
  base::Pauses pauses(kPollMin, kPollMax);
  while (true) {
    ASSIGN_OR_RETURN(Missing missing, LookAtAll());
    if (missing.service.empty()) return absl::OkStatus();
    for (int looks = 0; looks < kLooksAtOne && !missing.service.empty(); ++looks) {
      if (absl::Now() > give_up) {
        return absl::DeadlineExceededError(
            absl::StrCat("the services do not settle: ", missing.words));
      }
      pauses.Pass();
      ASSIGN_OR_RETURN(missing, LookAt(missing.service));
    }
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
