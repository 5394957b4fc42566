#include "services/registry/erasures/retention.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/calendar_rules.h"

namespace ieum::registry {
namespace {

constexpr int kMonthsOfYear = 12;
constexpr absl::CivilDay kEarliest(1900, 1, 1);

}  // namespace

absl::StatusOr<RetentionPeriod> ReadPeriod(const std::string& text) {
  int count = 0;
  if (text.size() < 3 || text.front() != 'P' ||
      !absl::SimpleAtoi(text.substr(1, text.size() - 2), &count) || count < 1) {
    return absl::InternalError(absl::StrCat("no period of retention: ", text));
  }
  switch (text.back()) {
    case 'D':
      return RetentionPeriod{.days = count};
    case 'M':
      return RetentionPeriod{.months = count};
    case 'Y':
      return RetentionPeriod{.months = count * kMonthsOfYear};
    default:
      return absl::InternalError(absl::StrCat("no period of retention: ", text));
  }
}

absl::CivilDay LimitDay(const RetentionRule& rule, absl::CivilDay trigger) {
  const absl::CivilDay start = rule.counting == v1::RETENTION_COUNTING_FROM_NEXT_YEAR
                                   ? absl::CivilDay(trigger.year() + 1, 1, 1)
                                   : trigger;
  return base::MonthsLater(start, rule.period.months) + rule.period.days;
}

// LimitDay never goes back when its trigger goes on, so the last one is found by halving.
absl::CivilDay LastTriggerDay(const RetentionRule& rule, absl::CivilDay today) {
  absl::CivilDay over = kEarliest, open = today + 1;
  while (open - over > 1) {
    const absl::CivilDay middle = over + (open - over) / 2;
    (LimitDay(rule, middle) <= today ? over : open) = middle;
  }
  return over;
}

}  // namespace ieum::registry
