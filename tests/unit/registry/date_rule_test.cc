// Goal: a rule of a plan gives the day that people mean, also in the next year, and says so when
// nobody knows. Method: the dates of the played year as rules, and what scenario plans make of them
// a year later. row:R12 law:L42
#include "services/registry/programmes/date_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

v1::DateRule Rule(const std::string& text) {
  v1::DateRule rule;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &rule)) << text;
  return rule;
}

const base::BusinessCalendar& Holidays() {
  static const auto* calendar = [] {
    std::vector<absl::CivilDay> days;
    for (const char* day : {"2023-01-01", "2023-05-29", "2023-10-02", "2023-10-03", "2023-12-25",
                            "2024-01-01", "2024-09-16", "2024-09-17", "2024-09-18", "2024-12-25"}) {
      days.push_back(*base::ParseDay(day, "day"));
    }
    return new base::BusinessCalendar(days);
  }();
  return *calendar;
}

std::string DayIn(int year, const std::string& rule) {
  const auto day = DayOf(Rule(rule), year, Holidays(), "start");
  return day.ok() ? base::FormatDay(*day) : base::ReasonOf(day.status());
}

TEST(DateRule, GivesTheDaysOfBothYears) {
  const struct {
    const char *rule, *of_2023, *of_2024;
  } kTable[] = {
      {"nth_weekday { month: 5 ordinal: 4 weekday: WEEKDAY_WEDNESDAY }", "2023-05-24",
       "2024-05-22"},
      {"nth_weekday { month: 11 ordinal: 5 weekday: WEEKDAY_THURSDAY }", "2023-11-30",
       "2024-11-28"},
      {"week { month: 11 ordinal: 2 }", "2023-11-06", "2024-11-11"},
      {"week { month: 11 ordinal: 2 weekday: WEEKDAY_SATURDAY }", "2023-11-11", "2024-11-16"},
      {"week { month: 11 ordinal: 2 weekday: WEEKDAY_SUNDAY }", "2023-11-12", "2024-11-17"},
      {"nth_weekday { month: 1 ordinal: 2 weekday: WEEKDAY_MONDAY } years_after: 1", "2024-01-08",
       "2025-01-13"},
      {"date: '2023-02-29'", "DATE_INVALID", "DATE_INVALID"},
      {"date: '2024-09-14' roll: BUSINESS_DAY_ROLL_NEXT", "2024-09-19", "2024-09-19"},
      {"date: '2024-09-14' roll: BUSINESS_DAY_ROLL_PREVIOUS", "2024-09-13", "2024-09-13"},
      {"date: '2024-09-14' offset_days: 5", "2024-09-19", "2024-09-19"},
      {"date: '2024-09-13' offset_business_days: 1", "2024-09-19", "2024-09-19"},
      {"date: '2024-09-20' offset_days: -1 offset_business_days: -1", "2024-09-13", "2024-09-13"},
  };
  for (const auto& row : kTable) {
    EXPECT_EQ(DayIn(2023, row.rule), row.of_2023) << row.rule;
    EXPECT_EQ(DayIn(2024, row.rule), row.of_2024) << row.rule;
  }
}

TEST(DateRule, SaysWhenItsHolidaysAreNotKnown) {
  EXPECT_EQ(DayIn(2025,
                  "nth_weekday { month: 5 ordinal: 4 weekday: WEEKDAY_WEDNESDAY } "
                  "roll: BUSINESS_DAY_ROLL_NEXT"),
            "HOLIDAYS_UNKNOWN");
  EXPECT_EQ(DayIn(2025, "date: '2025-01-10' offset_business_days: 1"), "HOLIDAYS_UNKNOWN");
  EXPECT_EQ(DayIn(2024, "date: '2024-12-31' offset_business_days: 1"), "HOLIDAYS_UNKNOWN");
  EXPECT_EQ(DayIn(2025, "nth_weekday { month: 5 ordinal: 4 weekday: WEEKDAY_WEDNESDAY }"),
            "2025-05-28");
  const auto refused = DayOf(Rule("date: '2025-01-10' offset_business_days: 1"), 2025, Holidays(),
                             "edition.lines[0].dates[0].start");
  EXPECT_THAT(base::FieldsOf(refused.status()),
              ::testing::ElementsAre("edition.lines[0].dates[0].start"));
}

// A year later: the same ordinal weekday; a fifth one that the month lacks is the last.
TEST(CopiedRule, MovesFixedDaysToTheSameWeekdayOfTheNextYear) {
  const struct {
    const char *of_2023, *of_2024;
  } kTable[] = {{"2023-05-24", "2024-05-22"}, {"2023-08-23", "2024-08-28"},
                {"2023-11-22", "2024-11-27"}, {"2023-05-12", "2024-05-10"},
                {"2023-09-15", "2024-09-20"}, {"2023-07-19", "2024-07-17"},
                {"2023-10-18", "2024-10-16"}, {"2023-11-24", "2024-11-22"},
                {"2023-11-30", "2024-11-28"}, {"2024-01-08", "2025-01-13"}};
  for (const auto& row : kTable) {
    const std::string rule = std::string("date: '") + row.of_2023 + "'";
    EXPECT_EQ(CopiedRule(Rule(rule), 2023, 2024).date(), row.of_2024);
  }
  const v1::DateRule rule = Rule("week { month: 11 ordinal: 2 } offset_days: 1");
  EXPECT_EQ(CopiedRule(rule, 2023, 2024).ShortDebugString(), rule.ShortDebugString());
}

TEST(CopiedRule, KeepsTheDaysOfACallAndEndsItOnABusinessDay) {
  EXPECT_EQ(CopiedFirstDay(Rule("date: '2023-06-01'"), 2023, 2024).date(), "2024-06-01");
  const v1::DateRule last = CopiedLastDay(Rule("date: '2023-07-14'"), 2023, 2024);
  const auto day = DayOf(last, 2024, Holidays(), "end");
  ASSERT_TRUE(day.ok());
  EXPECT_EQ(base::FormatDay(*day), "2024-07-15") << "the 14th is a Sunday";
  EXPECT_EQ(CopiedFirstDay(Rule("date: '2024-02-29'"), 2024, 2025).date(), "2025-02-28");
}

}  // namespace
}  // namespace ieum::registry
