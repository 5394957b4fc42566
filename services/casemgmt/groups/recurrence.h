// The days on which something recurs, by a recurrence rule of RFC 5545 in Korea time. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace ieum::casemgmt {

// The instants of `rule` from `first` on, in order; the time of day is that of `first`. A day among
// `except` is left out and not made up for. RECURRENCE_INVALID blaming `recurrence` for a rule that
// cannot be read or has no end (COUNT, or UNTIL as a date, whose day is in), for one that is
// neither DAILY, WEEKLY nor MONTHLY or sets another time of day, for one that names a day twice or
// goes on for more than five years, and unless it gives 1 to `max` instants.
absl::StatusOr<std::vector<absl::Time>> Occurrences(const std::string& rule, absl::Time first,
                                                    const std::vector<absl::CivilDay>& except,
                                                    int max);

}  // namespace ieum::casemgmt
