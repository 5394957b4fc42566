// Goal: a date that the calendar does not have is refused, and one in the future where it must not
// be.
#include "services/registry/dates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;

const absl::CivilDay kToday(2023, 3, 14);

TEST(ReadDate, RefusesWhatTheCalendarDoesNotHave) {
  EXPECT_EQ(*ReadDate("2024-02-29", "valid_from"), absl::CivilDay(2024, 2, 29));
  for (const char* text : {"2023-02-29", "2023-04-31", "2023-13-01", "2023-00-10", "yesterday"}) {
    const auto read = ReadDate(text, "facts.valid_from");
    EXPECT_EQ(base::ReasonOf(read.status()), "DATE_INVALID") << text;
    EXPECT_THAT(base::FieldsOf(read.status()), ElementsAre("facts.valid_from"));
  }
}

TEST(ReadPastDate, IsTodayWhenNothingIsGiven) {
  EXPECT_EQ(*ReadPastDate("", "completed_date", kToday), kToday);
  EXPECT_EQ(*ReadPastDate("2023-03-14", "completed_date", kToday), kToday);
  EXPECT_EQ(*ReadPastDate("2023-03-01", "completed_date", kToday), absl::CivilDay(2023, 3, 1));
}

TEST(ReadPastDate, RefusesTomorrow) {
  const auto read = ReadPastDate("2023-03-15", "completed_date", kToday);
  EXPECT_EQ(base::ReasonOf(read.status()), "DATE_INVALID");
}

}  // namespace
}  // namespace ieum::registry
