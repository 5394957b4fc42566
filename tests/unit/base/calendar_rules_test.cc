// Goal: what is planned by a rule falls on the day that people mean. Method: the days of two
// programme years as they were published, and every month of a century.
#include "platform/base/calendar_rules.h"

#include <gtest/gtest.h>

#include "platform/base/korea_time.h"

namespace ieum::base {
namespace {

using absl::Weekday;

absl::CivilDay Day(const char* text) { return *ParseDay(text, "day"); }

// row:R12
TEST(NthWeekday, GivesTheMeetingsOfBothYears) {
  const struct {
    int month, n;
    Weekday weekday;
    const char *of_2023, *of_2024;
  } kTable[] = {
      {5, 4, Weekday::wednesday, "2023-05-24", "2024-05-22"},
      {8, 4, Weekday::wednesday, "2023-08-23", "2024-08-28"},
      {11, 4, Weekday::wednesday, "2023-11-22", "2024-11-27"},
      {5, 2, Weekday::friday, "2023-05-12", "2024-05-10"},
      {9, 3, Weekday::friday, "2023-09-15", "2024-09-20"},
      {7, 3, Weekday::wednesday, "2023-07-19", "2024-07-17"},
      {10, 3, Weekday::wednesday, "2023-10-18", "2024-10-16"},
      {11, 4, Weekday::friday, "2023-11-24", "2024-11-22"},
      {11, 5, Weekday::thursday, "2023-11-30", "2024-11-28"},
  };
  for (const auto& row : kTable) {
    EXPECT_EQ(NthWeekday(absl::CivilMonth(2023, row.month), row.n, row.weekday), Day(row.of_2023));
    EXPECT_EQ(NthWeekday(absl::CivilMonth(2024, row.month), row.n, row.weekday), Day(row.of_2024));
    EXPECT_EQ(SameWeekdayIn(absl::CivilYear(2024), Day(row.of_2023)), Day(row.of_2024))
        << row.of_2023;
  }
}

// The first week of November is the one that holds its first Thursday.
TEST(DayOfNthWeek, GivesTheWeekOfWorkLifeBalance) {
  const struct {
    int year;
    const char *monday, *sunday;
  } kTable[] = {
      {2020, "2020-11-09", "2020-11-15"}, {2022, "2022-11-07", "2022-11-13"},
      {2023, "2023-11-06", "2023-11-12"}, {2024, "2024-11-11", "2024-11-17"},
      {2025, "2025-11-10", "2025-11-16"},
  };
  for (const auto& row : kTable) {
    const absl::CivilMonth november(row.year, 11);
    EXPECT_EQ(DayOfNthWeek(november, 2, Weekday::monday), Day(row.monday)) << row.year;
    EXPECT_EQ(DayOfNthWeek(november, 2, Weekday::sunday), Day(row.sunday)) << row.year;
  }
  EXPECT_EQ(DayOfNthWeek(absl::CivilMonth(2023, 11), 1, Weekday::monday), Day("2023-10-30"));
  EXPECT_EQ(DayOfNthWeek(absl::CivilMonth(2023, 11), 1, Weekday::thursday), Day("2023-11-02"));
}

TEST(CalendarRules, HoldInEveryMonthOfACentury) {
  for (absl::CivilMonth month(1990, 1); month < absl::CivilMonth(2090, 1); ++month) {
    const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
    for (int n = 1; n <= 5; ++n) {
      const absl::CivilDay day = NthWeekday(month, n, Weekday::friday);
      ASSERT_EQ(absl::GetWeekday(day), Weekday::friday);
      ASSERT_EQ(absl::CivilMonth(day), month);
      if (n == 5) ASSERT_GT(day + 7, last);
      if (n < 5) ASSERT_EQ((day.day() - 1) / 7, n - 1);
      const absl::CivilDay monday = DayOfNthWeek(month, n, Weekday::monday);
      ASSERT_EQ(absl::GetWeekday(monday), Weekday::monday);
      ASSERT_EQ(absl::CivilMonth(monday + 3), month);
      ASSERT_EQ(DayOfNthWeek(month, n, Weekday::sunday), monday + 6);
    }
  }
}

TEST(SameDay, IsTheLastOfFebruaryWhereThereIsNo29th) {
  EXPECT_EQ(SameDayIn(absl::CivilYear(2025), Day("2024-02-29")), Day("2025-02-28"));
  EXPECT_EQ(SameDayIn(absl::CivilYear(2024), Day("2023-06-01")), Day("2024-06-01"));
}

TEST(MonthsLater, StaysOnItsDayOrOnTheLastOfTheMonth) {
  EXPECT_EQ(MonthsLater(Day("2024-08-31"), 6), Day("2025-02-28"));
  EXPECT_EQ(MonthsLater(Day("2023-11-30"), 3), Day("2024-02-29"));
  EXPECT_EQ(MonthsLater(Day("2024-01-15"), 12), Day("2025-01-15"));
  EXPECT_EQ(MonthsLater(Day("2024-03-31"), -1), Day("2024-02-29"));
}

}  // namespace
}  // namespace ieum::base
