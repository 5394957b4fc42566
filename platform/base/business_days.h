// Business days of Korea, and the periods of the Civil Act that are counted with them. Pure:
// holidays are handed in, as they stand in the reference data. Labour Day is a business day in the
// years before 2026, and a holiday from then on.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "absl/time/civil_time.h"

namespace ieum::base {

// Saturdays, Sundays and public holidays are no business days. A year without any holiday is one
// whose holidays are not known. What would have to look at a day of such a year answers nullopt:
// there is no guessing by weekdays alone. Immutable, thread-safe.
class BusinessCalendar {
 public:
  // Public holidays, substitute and temporary ones included, in any order.
  explicit BusinessCalendar(const std::vector<absl::CivilDay>& holidays);

  std::optional<bool> IsBusinessDay(absl::CivilDay day) const;
  // The day itself where it is a business day, else the next one, or the one before.
  std::optional<absl::CivilDay> OnOrAfter(absl::CivilDay day) const;
  std::optional<absl::CivilDay> OnOrBefore(absl::CivilDay day) const;
  // The n-th business day after `day`, which is not counted; n < 0: before it; 0: the day itself.
  std::optional<absl::CivilDay> Plus(absl::CivilDay day, int n) const;

 private:
  std::optional<absl::CivilDay> Next(absl::CivilDay from, int step) const;

  std::set<absl::CivilDay> holidays_;
};

// A period of the law (Civil Act 157, 160).
struct LegalPeriod {
  enum class Unit { kDays, kWeeks, kMonths, kYears };
  int count = 0;
  Unit unit = Unit::kDays;
};

// The last day of a period that begins with what happened on `event`, a day that is not counted.
// Months and years end on the day before the one that matches the first counted day, and with the
// month where there is no such day: one month from 2024-04-30 ends on 05-31. Limits that do not
// move to a business day, such as those of destruction, are this.
absl::CivilDay EndOf(const LegalPeriod& period, absl::CivilDay event);

// The same, moved to the next business day (Civil Act 161); nullopt as BusinessCalendar says it.
std::optional<absl::CivilDay> DueDay(const LegalPeriod& period, absl::CivilDay event,
                                     const BusinessCalendar& calendar);

}  // namespace ieum::base
