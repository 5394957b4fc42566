// Days by rule, as plans say them. Pure.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ieum/registry/v1/programme_service.pb.h"
#include "platform/base/business_days.h"

namespace ieum::registry {

// The day that `rule` means in `year`. DATE_INVALID blaming `field` for a day that is not in the
// calendar, HOLIDAYS_UNKNOWN when business days are asked for of a year without holidays.
absl::StatusOr<absl::CivilDay> DayOf(const v1::DateRule& rule, int year,
                                     const base::BusinessCalendar& calendar,
                                     std::string_view field);

// The rule for the edition of `year` that says what `rule` said for the one of `from_year`. What is
// a rule stays it; a fixed day becomes the same weekday at the same time of its month.
v1::DateRule CopiedRule(const v1::DateRule& rule, int from_year, int year);

// The same for the bounds of a call: they keep month and day, and the last one is moved to a
// business day.
v1::DateRule CopiedFirstDay(const v1::DateRule& rule, int from_year, int year);
v1::DateRule CopiedLastDay(const v1::DateRule& rule, int from_year, int year);

}  // namespace ieum::registry
