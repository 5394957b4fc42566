// Days that are found in a year by a rule. Pure calendar: holidays have no part in it.
#pragma once

#include "absl/time/civil_time.h"

namespace ieum::base {

// The n-th `weekday` of a month, n from 1; a fifth one that the month lacks is the last.
absl::CivilDay NthWeekday(absl::CivilMonth month, int n, absl::Weekday weekday);

// `weekday` of the n-th week of a month, n from 1. Weeks go from Monday to Sunday; the first one of
// a month holds its first Thursday, so it may begin in the month before. A fifth one that the month
// lacks is the last.
absl::CivilDay DayOfNthWeek(absl::CivilMonth month, int n, absl::Weekday weekday);

// The day of `year` that is what `day` was in its own: the same weekday, the same time of its month
// (the 4th Thursday stays the 4th Thursday; a fifth one that the month lacks becomes the last).
absl::CivilDay SameWeekdayIn(absl::CivilYear year, absl::CivilDay day);

// The same month and day; 29 February becomes the 28th in a year without one.
absl::CivilDay SameDayIn(absl::CivilYear year, absl::CivilDay day);

// `months` later on the same day of the month, or on the last day of a month that has no such day:
// 2024-08-31 and 6 months give 2025-02-28. For checkpoints that hang on a day; a period of the law
// ends elsewhere (business_days.h).
absl::CivilDay MonthsLater(absl::CivilDay day, int months);

}  // namespace ieum::base
