#include "platform/base/business_days.h"

#include "platform/base/calendar_rules.h"

namespace ieum::base {
namespace {

constexpr int kDaysOfWeek = 7;
constexpr int kMonthsOfYear = 12;

bool IsWeekend(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

// The day before the one that matches the first counted day; the month's end without such a day.
absl::CivilDay EndOfMonths(absl::CivilDay event, int months) {
  const absl::CivilDay first = event + 1;
  const absl::CivilDay matching = MonthsLater(first, months);
  return matching.day() == first.day() ? matching - 1 : matching;
}

}  // namespace

BusinessCalendar::BusinessCalendar(const std::vector<absl::CivilDay>& holidays)
    : holidays_(holidays.begin(), holidays.end()) {}

std::optional<bool> BusinessCalendar::IsBusinessDay(absl::CivilDay day) const {
  const auto first = holidays_.lower_bound(absl::CivilDay(absl::CivilYear(day)));
  if (first == holidays_.end() || first->year() != day.year()) return std::nullopt;
  return !IsWeekend(day) && !holidays_.contains(day);
}

std::optional<absl::CivilDay> BusinessCalendar::Next(absl::CivilDay from, int step) const {
  for (absl::CivilDay day = from;; day += step) {
    const std::optional<bool> business = IsBusinessDay(day);
    if (!business) return std::nullopt;
    if (*business) return day;
  }
}

std::optional<absl::CivilDay> BusinessCalendar::OnOrAfter(absl::CivilDay day) const {
  return Next(day, 1);
}

std::optional<absl::CivilDay> BusinessCalendar::OnOrBefore(absl::CivilDay day) const {
  return Next(day, -1);
}

std::optional<absl::CivilDay> BusinessCalendar::Plus(absl::CivilDay day, int n) const {
  const int step = n < 0 ? -1 : 1;
  std::optional<absl::CivilDay> at = day;
  for (int left = n < 0 ? -n : n; left > 0 && at; --left) at = Next(*at + step, step);
  return at;
}

absl::CivilDay EndOf(const LegalPeriod& period, absl::CivilDay event) {
  switch (period.unit) {
    case LegalPeriod::Unit::kDays:
      return event + period.count;
    case LegalPeriod::Unit::kWeeks:
      return event + kDaysOfWeek * period.count;
    case LegalPeriod::Unit::kMonths:
      return EndOfMonths(event, period.count);
    case LegalPeriod::Unit::kYears:
      return EndOfMonths(event, kMonthsOfYear * period.count);
  }
  return event;
}

std::optional<absl::CivilDay> DueDay(const LegalPeriod& period, absl::CivilDay event,
                                     const BusinessCalendar& calendar) {
  return calendar.OnOrAfter(EndOf(period, event));
}

}  // namespace ieum::base
