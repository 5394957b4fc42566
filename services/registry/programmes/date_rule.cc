#include "services/registry/programmes/date_rule.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/calendar_rules.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/dates.h"

namespace ieum::registry {
namespace {

// Weekday counts from Monday = 1; unspecified is Monday.
absl::Weekday WeekdayOf(v1::Weekday weekday) {
  static constexpr absl::Weekday kDays[] = {absl::Weekday::monday,   absl::Weekday::monday,
                                            absl::Weekday::tuesday,  absl::Weekday::wednesday,
                                            absl::Weekday::thursday, absl::Weekday::friday,
                                            absl::Weekday::saturday, absl::Weekday::sunday};
  return kDays[weekday];
}

absl::Status HolidaysUnknown(std::string_view field, absl::CivilDay day) {
  return base::InvalidField(
      v1::ERROR_REASON_HOLIDAYS_UNKNOWN, field,
      absl::StrCat(
          "asks for business days around ", base::FormatDay(day),
          ", and the holidays of that time are not known: add them to the reference data"));
}

absl::StatusOr<absl::CivilDay> Beginning(const v1::DateRule& rule, int year,
                                         std::string_view field) {
  const int64_t asked = int64_t{year} + rule.years_after();
  if (rule.has_nth_weekday()) {
    const v1::NthWeekday& nth = rule.nth_weekday();
    return base::NthWeekday(absl::CivilMonth(asked, nth.month()), nth.ordinal(),
                            WeekdayOf(nth.weekday()));
  }
  if (rule.has_week()) {
    const v1::WeekOfMonth& week = rule.week();
    return base::DayOfNthWeek(absl::CivilMonth(asked, week.month()), week.ordinal(),
                              WeekdayOf(week.weekday()));
  }
  return ReadDate(rule.date(), absl::StrCat(std::string(field), ".date"));
}

std::optional<absl::CivilDay> Rolled(absl::CivilDay day, v1::BusinessDayRoll roll,
                                     const base::BusinessCalendar& calendar) {
  if (roll == v1::BUSINESS_DAY_ROLL_NEXT) return calendar.OnOrAfter(day);
  if (roll == v1::BUSINESS_DAY_ROLL_PREVIOUS) return calendar.OnOrBefore(day);
  return day;
}

// A fixed day with `moved` applied to it in the year that is as far from `year` as it was from
// `from_year`; other rules as they are.
template <class Moved>
v1::DateRule Moving(const v1::DateRule& rule, int from_year, int year, Moved moved) {
  v1::DateRule copied = rule;
  const auto day = base::ParseDay(rule.date(), "date");
  if (!rule.date().empty() && day.ok()) {
    copied.set_date(base::FormatDay(moved(absl::CivilYear(day->year() + year - from_year), *day)));
  }
  return copied;
}

}  // namespace

absl::StatusOr<absl::CivilDay> DayOf(const v1::DateRule& rule, int year,
                                     const base::BusinessCalendar& calendar,
                                     std::string_view field) {
  ASSIGN_OR_RETURN(absl::CivilDay day, Beginning(rule, year, field));
  day += rule.offset_days();
  std::optional<absl::CivilDay> found = calendar.Plus(day, rule.offset_business_days());
  if (found) found = Rolled(*found, rule.roll(), calendar);
  if (!found) return HolidaysUnknown(field, day);
  return *found;
}

v1::DateRule CopiedRule(const v1::DateRule& rule, int from_year, int year) {
  return Moving(rule, from_year, year, base::SameWeekdayIn);
}

v1::DateRule CopiedFirstDay(const v1::DateRule& rule, int from_year, int year) {
  return Moving(rule, from_year, year, base::SameDayIn);
}

v1::DateRule CopiedLastDay(const v1::DateRule& rule, int from_year, int year) {
  v1::DateRule copied = CopiedFirstDay(rule, from_year, year);
  copied.set_roll(v1::BUSINESS_DAY_ROLL_NEXT);
  return copied;
}

}  // namespace ieum::registry
