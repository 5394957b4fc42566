// Civil dates as callers write them. The contract checks the shape; here they must be in the
// calendar.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

namespace ieum::registry {

// DATE_INVALID blaming `field` when the calendar has no such day.
absl::StatusOr<absl::CivilDay> ReadDate(std::string_view text, std::string_view field);

// The day of something that has happened: `today` when the text is empty. DATE_INVALID also for a
// day after `today`.
absl::StatusOr<absl::CivilDay> ReadPastDate(std::string_view text, std::string_view field,
                                            absl::CivilDay today);

// The days on which something holds; an absent bound is no bound, both are inclusive.
struct Validity {
  std::optional<absl::CivilDay> from;
  std::optional<absl::CivilDay> to;

  bool HoldsOn(absl::CivilDay day) const { return (!from || *from <= day) && (!to || day <= *to); }
};

}  // namespace ieum::registry
