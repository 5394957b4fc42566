// Goal: who waits by looking stops at the first look that is good, and at the limit.
#include "platform/base/wait.h"

#include <gtest/gtest.h>

namespace ieum::base {
namespace {

const Pauses kShort(absl::Microseconds(1), absl::Microseconds(4));

TEST(WaitFor, LooksUntilItHolds) {
  int looks = 0;
  EXPECT_TRUE(WaitFor([&] { return ++looks == 5; }, absl::Minutes(1), kShort));
  EXPECT_EQ(looks, 5);
}

TEST(WaitFor, LooksOnceWithoutTime) {
  int looks = 0;
  EXPECT_TRUE(WaitFor([&] { return ++looks == 1; }, absl::ZeroDuration(), kShort));
  EXPECT_FALSE(WaitFor([&] { return ++looks < 0; }, -absl::Seconds(1), kShort));
  EXPECT_EQ(looks, 2);
}

}  // namespace
}  // namespace ieum::base
