#include "platform/base/calendar_rules.h"

#include <algorithm>

namespace ieum::base {
namespace {

constexpr int kDaysOfWeek = 7;

absl::CivilDay LastOf(absl::CivilMonth month) { return absl::CivilDay(month + 1) - 1; }

}  // namespace

absl::CivilDay NthWeekday(absl::CivilMonth month, int n, absl::Weekday weekday) {
  const absl::CivilDay first = absl::NextWeekday(absl::CivilDay(month) - 1, weekday);
  const absl::CivilDay wanted = first + kDaysOfWeek * (n - 1);
  return wanted <= LastOf(month) ? wanted : absl::PrevWeekday(LastOf(month) + 1, weekday);
}

absl::CivilDay DayOfNthWeek(absl::CivilMonth month, int n, absl::Weekday weekday) {
  const absl::CivilDay thursday = NthWeekday(month, n, absl::Weekday::thursday);
  const absl::CivilDay monday = absl::PrevWeekday(thursday, absl::Weekday::monday);
  return absl::NextWeekday(monday - 1, weekday);
}

absl::CivilDay SameWeekdayIn(absl::CivilYear year, absl::CivilDay day) {
  const int n = (day.day() - 1) / kDaysOfWeek + 1;
  return NthWeekday(absl::CivilMonth(year.year(), day.month()), n, absl::GetWeekday(day));
}

absl::CivilDay SameDayIn(absl::CivilYear year, absl::CivilDay day) {
  const absl::CivilMonth month(year.year(), day.month());
  return std::min(absl::CivilDay(month) + (day.day() - 1), LastOf(month));
}

absl::CivilDay MonthsLater(absl::CivilDay day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  return std::min(absl::CivilDay(month) + (day.day() - 1), LastOf(month));
}

}  // namespace ieum::base
