#include "platform/flow/pull_window.h"

#include <gtest/gtest.h>

namespace ieum::flow {
namespace {

using Kind = broker::Delivery::Kind;

constexpr Instant kStart = absl::Seconds(100);

broker::Delivery Of(Kind kind, uint64_t request = 0) {
  broker::Delivery delivery;
  delivery.kind = kind;
  delivery.request = request;
  return delivery;
}

ConsumerLimits SmallLimits() {
  ConsumerLimits limits;
  limits.pull_batch = 2;
  limits.pulls_outstanding = 2;
  limits.queue_max = 6;
  return limits;
}

TEST(PullWindow, KeepsTwoRequestsOpen) {
  PullWindow window(SmallLimits());
  window.Opened(kStart);
  EXPECT_EQ(window.Wanted(0, kStart), 2);
  window.Asked(1, kStart);
  window.Asked(2, kStart);
  EXPECT_EQ(window.Wanted(0, kStart), 0);
  window.OnDelivery(Of(Kind::kMessage), kStart);
  EXPECT_EQ(window.Wanted(1, kStart), 0);
  window.OnDelivery(Of(Kind::kMessage), kStart);
  EXPECT_EQ(window.Wanted(2, kStart), 1) << "the first request is answered in full";
  window.OnDelivery(Of(Kind::kEnd, 2), kStart);
  EXPECT_EQ(window.Wanted(0, kStart), 2);
}

TEST(PullWindow, NeverAsksForMoreThanTheQueueHolds) {
  PullWindow window(SmallLimits());
  window.Opened(kStart);
  EXPECT_EQ(window.Wanted(6, kStart), 0);
  EXPECT_EQ(window.Wanted(5, kStart), 0);
  EXPECT_EQ(window.Wanted(4, kStart), 1);
  window.Asked(1, kStart);
  EXPECT_EQ(window.Wanted(3, kStart), 0) << "two are on their way";
}

TEST(PullWindow, HearsThatTheBrokerHasFallenSilent) {
  const ConsumerLimits limits = SmallLimits();
  PullWindow window(limits);
  window.Opened(kStart);
  EXPECT_FALSE(window.Silent(kStart + absl::Hours(1))) << "nothing was asked for";
  window.Asked(1, kStart);
  const Instant late = kStart + 3 * limits.pull_heartbeat;
  EXPECT_FALSE(window.Silent(late));
  EXPECT_TRUE(window.Silent(late + absl::Milliseconds(1)));
  window.OnDelivery(Of(Kind::kHeartbeat, 1), late);
  EXPECT_FALSE(window.Silent(late + absl::Milliseconds(1)));
}

TEST(PullWindow, GivesUpARequestWhoseEndGotLost) {
  const ConsumerLimits limits = SmallLimits();
  PullWindow window(limits);
  window.Opened(kStart);
  window.Asked(1, kStart);
  window.Asked(2, kStart);
  EXPECT_EQ(window.Wanted(0, kStart + 2 * limits.pull_expires), 0);
  EXPECT_EQ(window.Wanted(0, kStart + 2 * limits.pull_expires + absl::Milliseconds(1)), 2);
}

}  // namespace
}  // namespace ieum::flow
