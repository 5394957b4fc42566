// Goal: programme dates are Korean civil dates, whatever zone the machine is in, and only real
// dates are read. Method: tables, the turn of the Korean day, and every day of some years.
#include "platform/base/korea_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_format.h"
#include "platform/base/status.h"

namespace ieum::base {
namespace {

using ::testing::ElementsAre;

absl::Time Utc(const char* text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

TEST(KoreaDay, TurnsAtFifteenHoursUtc) {
  EXPECT_EQ(KoreaDay(Utc("2023-03-05T14:59:59.999Z")), absl::CivilDay(2023, 3, 5));
  EXPECT_EQ(KoreaDay(Utc("2023-03-05T15:00:00Z")), absl::CivilDay(2023, 3, 6));
  EXPECT_EQ(KoreaDay(Utc("2023-12-31T15:00:00Z")), absl::CivilDay(2024, 1, 1));
}

TEST(KoreaInstant, IsNineHoursAheadOfUtc) {
  EXPECT_EQ(KoreaInstant(absl::CivilDay(2023, 3, 6), 9), Utc("2023-03-06T00:00:00Z"));
  EXPECT_EQ(KoreaInstant(absl::CivilDay(2023, 7, 1), 0), Utc("2023-06-30T15:00:00Z"));
  EXPECT_EQ(KoreaInstant(absl::CivilDay(2023, 3, 6), 18, 30), Utc("2023-03-06T09:30:00Z"));
  EXPECT_EQ(KoreaInstant(absl::CivilDay(2023, 3, 6), 23, 59), Utc("2023-03-06T14:59:00Z"));
}

TEST(ParseDay, ReadsIsoDatesAndDatesAsPeopleWriteThem) {
  const absl::CivilDay day(2023, 3, 14);
  for (const char* text : {"2023-03-14", "2023.3.14.", "2023.3.14", "2023.03.14", "2023.03.14."}) {
    EXPECT_EQ(ParseDay(text, "visit_date").value_or(absl::CivilDay()), day) << text;
  }
  EXPECT_EQ(ParseDay("2024.11.4.", "d").value(), absl::CivilDay(2024, 11, 4));
  EXPECT_EQ(ParseDay("2024-02-29", "d").value(), absl::CivilDay(2024, 2, 29));
}

TEST(ParseDay, RefusesWhatIsNotADateAndBlamesTheField) {
  for (const char* text :
       {"", "2023-02-30", "2023-02-29", "2023.2.30.", "2023-13-01", "2023-00-10", "2023-04-31",
        "2023-01-00", "2023-01-32", "23-03-14", "2023-3-14", "20230314", "2023/03/14", "14.3.2023",
        "2023-03-14 ", " 2023-03-14", "2023-03-14T00", "2023.3.14..", "2023.3-14", "2023-03.14",
        "2023.3.", "2023..14", "0000-00-00", "오늘",
        // Signs and blanks that a careless reader of numbers lets pass.
        "2023-+3-14", "2023-+3-+4", "2023- 3-14", "2023- 3- 4", "2023.+3.+4", "2023. 3.14",
        "+203-03-14", "2023--3-14", "2023.-3.14", "2023-0x-14", "2023.3.\n4"}) {
    const absl::Status status = ParseDay(text, "engagement.visit_date").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(FieldsOf(status), ElementsAre("engagement.visit_date")) << text;
  }
  EXPECT_FALSE(ParseDay(std::string_view("2023-03-14\0", 11), "d").ok());
  EXPECT_FALSE(ParseDay(std::string_view("2023.3.1\0004", 10), "d").ok());
}

TEST(ParseDay, ReadsEveryDayThatFormatDayWrites) {
  for (const int year : {1900, 2000, 2023, 2024, 2100}) {
    const absl::CivilDay next_year(year + 1, 1, 1);
    for (absl::CivilDay day(year, 1, 1); day < next_year; ++day) {
      ASSERT_EQ(ParseDay(FormatDay(day), "d").value(), day);
      const std::string human = absl::StrFormat("%d.%d.%d.", day.year(), day.month(), day.day());
      ASSERT_EQ(ParseDay(human, "d").value(), day) << human;
    }
  }
}

TEST(FormatDay, WritesIsoDates) { EXPECT_EQ(FormatDay(absl::CivilDay(2023, 3, 4)), "2023-03-04"); }

}  // namespace
}  // namespace ieum::base
