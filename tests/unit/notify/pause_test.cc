// Goal: a server that is away is asked less and less often, by all connections together.
#include "services/notify/messages/pause.h"

#include <gtest/gtest.h>

namespace ieum::notify {
namespace {

TEST(Pause, GrowsUntilSomethingGoesThroughAndNeverBeyondHalfAMinute) {
  absl::Duration now;
  Pause pause([&] { return now; });
  const auto lasts = [&] {
    const absl::Duration began = now;
    pause.Begin();
    while (pause.On()) now += absl::Milliseconds(10);
    return now - began;
  };
  const absl::Duration first = lasts();
  EXPECT_GT(first, absl::ZeroDuration());
  EXPECT_EQ(lasts(), 2 * first);
  EXPECT_EQ(lasts(), 4 * first);
  for (int times = 0; times < 20; ++times) EXPECT_LE(lasts(), absl::Seconds(30));
  EXPECT_EQ(lasts(), absl::Seconds(30));
  pause.Forget();
  EXPECT_EQ(lasts(), first);
}

TEST(Pause, DoesNotGrowWhenSeveralConnectionsFindTheSameReason) {
  absl::Duration now;
  Pause one([&] { return now; }), four([&] { return now; });
  one.Begin();
  for (int connection = 0; connection < 4; ++connection) four.Begin();
  while (one.On()) {
    EXPECT_TRUE(four.On());
    now += absl::Milliseconds(10);
  }
  EXPECT_FALSE(four.On());
}

}  // namespace
}  // namespace ieum::notify
