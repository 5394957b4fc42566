// Goal: rules of what recurs give the days that people expect, in Korea, and what cannot be read is
// refused by field. Method: rules one by one, with their ends and what is left out. row:C8
#include "services/casemgmt/groups/recurrence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

using ::testing::ElementsAre;

// Monday.
const absl::Time kFirst = base::KoreaInstant(absl::CivilDay(2024, 6, 24), 19, 30);

std::vector<std::string> Days(const std::string& rule, absl::Time first = kFirst,
                              const std::vector<absl::CivilDay>& except = {}, int max = 60) {
  std::vector<std::string> days;
  const auto times = Occurrences(rule, first, except, max);
  EXPECT_TRUE(times.ok()) << rule << ": " << times.status();
  if (!times.ok()) return days;
  for (const absl::Time time : *times) {
    days.push_back(absl::FormatTime("%Y-%m-%d %H:%M", time, base::Korea()));
  }
  return days;
}

std::string Reason(const std::string& rule, int max = 60) {
  const auto times = Occurrences(rule, kFirst, {}, max);
  EXPECT_FALSE(times.ok()) << rule;
  if (times.ok()) return "";
  EXPECT_THAT(base::FieldsOf(times.status()), ElementsAre("recurrence")) << rule;
  return base::ReasonOf(times.status());
}

TEST(Recurrence, GivesTheSameHourOfEachDayInKorea) {
  EXPECT_THAT(Days("FREQ=WEEKLY;COUNT=3;BYDAY=MO"),
              ElementsAre("2024-06-24 19:30", "2024-07-01 19:30", "2024-07-08 19:30"));
  EXPECT_THAT(Days("FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=WE"),
              ElementsAre("2024-06-26 19:30", "2024-07-10 19:30", "2024-07-24 19:30"));
  EXPECT_THAT(Days("FREQ=DAILY;COUNT=2"), ElementsAre("2024-06-24 19:30", "2024-06-25 19:30"));
  EXPECT_THAT(Days("FREQ=MONTHLY;COUNT=2;BYDAY=-1FR"),
              ElementsAre("2024-06-28 19:30", "2024-07-26 19:30"));
}

// Half past midnight of a Monday is Sunday in UTC.
TEST(Recurrence, CountsDaysOfTheWeekInKorea) {
  EXPECT_THAT(
      Days("FREQ=WEEKLY;COUNT=2;BYDAY=MO", base::KoreaInstant(absl::CivilDay(2024, 12, 30), 0, 30)),
      ElementsAre("2024-12-30 00:30", "2025-01-06 00:30"));
}

TEST(Recurrence, EndsOnTheDayOfItsUntil) {
  EXPECT_THAT(Days("FREQ=WEEKLY;UNTIL=20240708;BYDAY=MO"),
              ElementsAre("2024-06-24 19:30", "2024-07-01 19:30", "2024-07-08 19:30"));
  EXPECT_THAT(Days("FREQ=WEEKLY;UNTIL=20240707;BYDAY=MO"),
              ElementsAre("2024-06-24 19:30", "2024-07-01 19:30"));
}

TEST(Recurrence, LeavesDaysOutAndDoesNotMakeUpForThem) {
  EXPECT_THAT(Days("FREQ=WEEKLY;COUNT=3;BYDAY=MO", kFirst, {absl::CivilDay(2024, 7, 1)}),
              ElementsAre("2024-06-24 19:30", "2024-07-08 19:30"));
}

TEST(Recurrence, SkipsTheMonthsWithoutItsDay) {
  EXPECT_THAT(Days("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=31"),
              ElementsAre("2024-07-31 19:30", "2024-08-31 19:30", "2024-10-31 19:30"));
}

// By whole weeks from Monday on, or from whichever day WKST says; years end within them.
TEST(Recurrence, GoesOnOverTheEndOfTheYear) {
  const absl::Time december = base::KoreaInstant(absl::CivilDay(2024, 12, 23), 19, 30);
  EXPECT_THAT(Days("FREQ=WEEKLY;COUNT=3", december),
              ElementsAre("2024-12-23 19:30", "2024-12-30 19:30", "2025-01-06 19:30"));
  EXPECT_THAT(Days("FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=MO,SU;WKST=MO", december),
              ElementsAre("2024-12-23 19:30", "2024-12-29 19:30", "2025-01-06 19:30"));
  EXPECT_THAT(Days("FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=MO,SU;WKST=SU", december),
              ElementsAre("2024-12-23 19:30", "2025-01-05 19:30", "2025-01-06 19:30"));
  EXPECT_THAT(Days("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-1", december),
              ElementsAre("2024-12-31 19:30", "2025-01-31 19:30", "2025-02-28 19:30"));
  // A leap day; and spring, when clocks elsewhere change and Korea's do not.
  EXPECT_THAT(Days("FREQ=DAILY;COUNT=2", base::KoreaInstant(absl::CivilDay(2028, 2, 28), 19, 30)),
              ElementsAre("2028-02-28 19:30", "2028-02-29 19:30"));
  EXPECT_THAT(Days("FREQ=DAILY;COUNT=2", base::KoreaInstant(absl::CivilDay(2025, 3, 30), 2, 30)),
              ElementsAre("2025-03-30 02:30", "2025-03-31 02:30"));
}

TEST(Recurrence, RefusesADayTwiceOrAfterMoreThanFiveYears) {
  for (const char* rule :
       {"FREQ=WEEKLY;COUNT=4;BYDAY=MO,MO,WE", "FREQ=MONTHLY;COUNT=3;INTERVAL=32767",
        "FREQ=MONTHLY;COUNT=2;INTERVAL=67", "FREQ=DAILY;COUNT=3;INTERVAL=30000",
        "FREQ=MONTHLY;COUNT=5;BYMONTHDAY=30;BYMONTH=2", "FREQ=WEEKLY;COUNT=99999999999"}) {
    EXPECT_EQ(Reason(rule), "RECURRENCE_INVALID") << rule;
  }
  EXPECT_EQ(Days("FREQ=MONTHLY;COUNT=2;INTERVAL=66").size(), 2u) << "December of the fifth year";
}

TEST(Recurrence, RefusesWhatCannotBeReadHasNoEndOrGivesTooMuch) {
  for (const char* rule : {"",
                           "weekly",
                           "FREQ=WEEKLY",
                           "FREQ=WEEKLY;COUNT=0",
                           "FREQ=WEEKLY;COUNT=-2",
                           "FREQ=YEARLY;COUNT=2",
                           "FREQ=HOURLY;COUNT=2",
                           "FREQ=SECONDLY;COUNT=2",
                           "COUNT=3",
                           "FREQ=WEEKLY;COUNT=3;BYDAY=XX",
                           "FREQ=WEEKLY;COUNT=3;BYHOUR=9",
                           "FREQ=WEEKLY;COUNT=;",
                           "FREQ=WEEKLY;COUNT=3;RSCALE=CHINESE",
                           "FREQ=WEEKLY;COUNT=3;X-A=1",
                           "FREQ=WEEKLY;COUNT=3;UNTIL=20240708",
                           "FREQ=WEEKLY;UNTIL=20240708T120000Z",
                           "FREQ=WEEKLY;COUNT=3;BYDAY=MO;",
                           "FREQ=DAILY;COUNT=61",
                           "FREQ=DAILY;COUNT=1000000",
                           "FREQ=WEEKLY;UNTIL=20240623;BYDAY=MO"}) {
    EXPECT_EQ(Reason(rule), "RECURRENCE_INVALID") << rule;
  }
  EXPECT_EQ(Reason("FREQ=DAILY;COUNT=4", 3), "RECURRENCE_INVALID");
  EXPECT_EQ(Days("FREQ=DAILY;COUNT=60").size(), 60u);
}

TEST(Recurrence, RefusesARuleThatEveryDayIsLeftOutOf) {
  const auto times = Occurrences("FREQ=DAILY;COUNT=1", kFirst, {absl::CivilDay(2024, 6, 24)}, 60);
  EXPECT_EQ(base::ReasonOf(times.status()), "RECURRENCE_INVALID");
}

}  // namespace
}  // namespace ieum::casemgmt
