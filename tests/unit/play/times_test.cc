// Goal: the clock stops where a reminder can be due, and nowhere twice. Method: examples.
#include "tools/play/times.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ieum::play {
namespace {

using ::testing::ElementsAre;

absl::Time At(const std::string& text) {
  absl::Time time;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) << text;
  return time;
}

TEST(StopsBetween, AreNineOClockInKoreaOfEveryDayOnTheWayAndTheGoal) {
  EXPECT_THAT(StopsBetween(At("2023-05-10T15:00:00+09:00"), At("2023-05-12T14:00:00+09:00")),
              ElementsAre(At("2023-05-11T09:00:00+09:00"), At("2023-05-12T09:00:00+09:00"),
                          At("2023-05-12T14:00:00+09:00")));
}

TEST(StopsBetween, LeavesOutTheMorningOfADayThatHasBegun) {
  EXPECT_THAT(StopsBetween(At("2023-05-10T10:00:00+09:00"), At("2023-05-10T14:00:00+09:00")),
              ElementsAre(At("2023-05-10T14:00:00+09:00")));
  EXPECT_THAT(StopsBetween(At("2023-05-10T10:00:00+09:00"), At("2023-05-11T08:30:00+09:00")),
              ElementsAre(At("2023-05-11T08:30:00+09:00")));
}

TEST(StopsBetween, CountsTheDayInKoreaNotInUtc) {
  // 00:30 in Korea is still the day before in UTC.
  EXPECT_THAT(StopsBetween(At("2023-05-09T15:30:00Z"), At("2023-05-10T01:00:00Z")),
              ElementsAre(At("2023-05-10T09:00:00+09:00"), At("2023-05-10T10:00:00+09:00")));
}

TEST(IsReminderInstant, IsTrueAtNineOnTheSecondOnly) {
  EXPECT_TRUE(IsReminderInstant(At("2023-05-10T09:00:00+09:00")));
  EXPECT_FALSE(IsReminderInstant(At("2023-05-10T09:00:01+09:00")));
  EXPECT_FALSE(IsReminderInstant(At("2023-05-10T09:00:00Z")));
}

}  // namespace
}  // namespace ieum::play
