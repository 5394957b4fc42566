// Goal: somebody who watches sees that it goes on; a log does not drown. Method: examples.
#include "tools/play/progress_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/korea_time.h"

namespace ieum::play {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Moment On(int month, int day, size_t done) {
  return {base::KoreaInstant(absl::CivilDay(2023, month, day), 10), done, 560, 1234};
}

TEST(ProgressLine, IsWrittenAnewOnATerminal) {
  ProgressLine line(true);
  EXPECT_THAT(line.On(On(5, 11, 280)), StartsWith("\r████████████░░░░░░░░░░░░  2023-05-11"));
  EXPECT_THAT(line.On(On(5, 12, 281)), HasSubstr("281/560 actions"));
  EXPECT_EQ(line.End(), "\n");
}

TEST(ProgressLine, IsOneLineAMonthElsewhere) {
  ProgressLine line(false);
  EXPECT_EQ(line.On(On(5, 11, 280)), "2023-05-11   280/560 actions    1234 events\n");
  EXPECT_EQ(line.On(On(5, 12, 281)), "");
  EXPECT_THAT(line.On(On(6, 1, 300)), StartsWith("2023-06-01"));
  EXPECT_THAT(line.On(On(6, 2, 560)), StartsWith("2023-06-02"));  // the end is always told
  EXPECT_EQ(line.End(), "");
}

}  // namespace
}  // namespace ieum::play
