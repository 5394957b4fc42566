// Goal: periods of the law end on the day that the law says, and nothing is guessed where holidays
// are not known. Method: tables of worked examples under the holidays of 2023 to 2025.
// law:L41 law:L42
#include "platform/base/business_days.h"

#include <gtest/gtest.h>

#include "platform/base/calendar_rules.h"
#include "platform/base/korea_time.h"

namespace ieum::base {
namespace {

using Unit = LegalPeriod::Unit;

absl::CivilDay Day(const char* text) { return *ParseDay(text, "day"); }

const BusinessCalendar& Holidays() {
  static const auto* calendar = [] {
    std::vector<absl::CivilDay> days;
    for (const char* day :
         {"2023-01-01", "2023-01-21", "2023-01-22", "2023-01-23", "2023-01-24", "2023-03-01",
          "2023-05-05", "2023-05-27", "2023-05-29", "2023-06-06", "2023-08-15", "2023-09-28",
          "2023-09-29", "2023-09-30", "2023-10-02", "2023-10-03", "2023-10-09", "2023-12-25",
          "2024-01-01", "2024-02-09", "2024-02-10", "2024-02-11", "2024-02-12", "2024-03-01",
          "2024-04-10", "2024-05-05", "2024-05-06", "2024-05-15", "2024-06-06", "2024-08-15",
          "2024-09-16", "2024-09-17", "2024-09-18", "2024-10-01", "2024-10-03", "2024-10-09",
          "2024-12-25", "2025-01-01", "2025-01-27", "2025-01-28", "2025-01-29", "2025-01-30",
          "2025-03-01", "2025-03-03", "2025-05-05", "2025-05-06", "2025-06-03", "2025-06-06",
          "2025-08-15", "2025-10-03", "2025-10-05", "2025-10-06", "2025-10-07", "2025-10-08",
          "2025-10-09", "2025-12-25"}) {
      days.push_back(Day(day));
    }
    return new BusinessCalendar(days);
  }();
  return *calendar;
}

TEST(BusinessDay, IsNoWeekendAndNoHolidayWhetherSubstituteOrTemporary) {
  const struct {
    const char* day;
    bool business;
  } kTable[] = {
      {"2023-10-02", false},                        // temporary
      {"2023-05-29", false},                        // substitute
      {"2024-04-10", false},                        // election
      {"2024-10-01", false},                        // temporary
      {"2024-10-02", true},  {"2024-05-01", true},  // Labour Day
      {"2024-11-03", false}, {"2024-11-04", true}, {"2023-01-01", false}, {"2025-12-31", true},
  };
  for (const auto& row : kTable) {
    EXPECT_EQ(Holidays().IsBusinessDay(Day(row.day)), row.business) << row.day;
  }
}

TEST(BusinessCalendar, NeverGuessesBeyondItsHolidays) {
  for (const char* day : {"2022-12-30", "2026-01-02", "2026-01-03"}) {
    EXPECT_FALSE(Holidays().IsBusinessDay(Day(day))) << day;
    EXPECT_FALSE(Holidays().OnOrAfter(Day(day))) << day;
  }
  EXPECT_EQ(Holidays().Plus(Day("2025-12-30"), 1), Day("2025-12-31"));
  EXPECT_FALSE(Holidays().Plus(Day("2025-12-30"), 2));
  EXPECT_FALSE(Holidays().Plus(Day("2023-01-02"), -1)) << "2023-01-01 was a Sunday and a holiday";
  EXPECT_FALSE(BusinessCalendar({}).IsBusinessDay(Day("2024-05-02")));
  const BusinessCalendar gap({Day("2023-12-25"), Day("2025-01-01")});
  EXPECT_FALSE(gap.IsBusinessDay(Day("2024-05-02"))) << "a year without any is not known";
  EXPECT_FALSE(gap.Plus(Day("2023-12-28"), 2));
}

TEST(BusinessCalendar, CountsBusinessDaysBothWays) {
  const struct {
    const char* day;
    int n;
    const char* found;
  } kTable[] = {
      {"2024-09-13", 1, "2024-09-19"},  // Friday before Chuseok
      {"2024-09-19", -1, "2024-09-13"}, {"2024-09-19", 0, "2024-09-19"},
      {"2024-11-04", -1, "2024-11-01"},  // the business day before a Monday
      {"2024-04-09", 1, "2024-04-11"},  {"2024-04-26", 3, "2024-05-01"},
      {"2023-09-27", 2, "2023-10-05"},
  };
  for (const auto& row : kTable) {
    EXPECT_EQ(Holidays().Plus(Day(row.day), row.n), Day(row.found)) << row.day << " " << row.n;
  }
  EXPECT_EQ(Holidays().OnOrAfter(Day("2024-09-16")), Day("2024-09-19"));
  EXPECT_EQ(Holidays().OnOrBefore(Day("2024-09-18")), Day("2024-09-13"));
  EXPECT_EQ(Holidays().OnOrBefore(Day("2024-09-19")), Day("2024-09-19"));
}

TEST(LegalPeriod, EndsAsTheCivilActSays) {
  const struct {
    const char* event;
    LegalPeriod period;
    const char *end, *due;
  } kTable[] = {
      {"2024-08-19", {30, Unit::kDays}, "2024-09-18", "2024-09-19"},
      {"2024-02-29", {1, Unit::kMonths}, "2024-03-31", "2024-04-01"},
      {"2024-04-30", {1, Unit::kMonths}, "2024-05-31", "2024-05-31"},
      {"2024-01-30", {1, Unit::kMonths}, "2024-02-29", "2024-02-29"},
      {"2024-01-31", {1, Unit::kMonths}, "2024-02-29", "2024-02-29"},
      {"2024-03-15", {1, Unit::kMonths}, "2024-04-15", "2024-04-15"},
      {"2024-05-31", {6, Unit::kMonths}, "2024-11-30", "2024-12-02"},
      {"2023-02-28", {1, Unit::kYears}, "2024-02-29", "2024-02-29"},
      {"2024-02-28", {1, Unit::kYears}, "2025-02-28", "2025-02-28"},
      {"2024-09-02", {2, Unit::kWeeks}, "2024-09-16", "2024-09-19"},
      {"2024-03-27", {14, Unit::kDays}, "2024-04-10", "2024-04-11"},
  };
  for (const auto& row : kTable) {
    EXPECT_EQ(EndOf(row.period, Day(row.event)), Day(row.end)) << row.event;
    EXPECT_EQ(DueDay(row.period, Day(row.event), Holidays()), Day(row.due)) << row.event;
  }
  EXPECT_FALSE(DueDay({1, Unit::kMonths}, Day("2025-12-15"), Holidays()));
}

// A checkpoint hangs on its day and never moves; a period of the law is another thing.
TEST(LegalPeriod, IsNoCheckpoint) {
  EXPECT_EQ(MonthsLater(Day("2024-08-31"), 6), Day("2025-02-28"));
  EXPECT_EQ(EndOf({6, Unit::kMonths}, Day("2024-08-31")), Day("2025-02-28"));
  EXPECT_EQ(MonthsLater(Day("2024-02-29"), 1), Day("2024-03-29"));
  EXPECT_EQ(EndOf({1, Unit::kMonths}, Day("2024-02-29")), Day("2024-03-31"));
}

}  // namespace
}  // namespace ieum::base
