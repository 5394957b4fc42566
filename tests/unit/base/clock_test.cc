// Goal: business time moves only as it is told, never back, and whoever waits for it hears of each
// step. Method: one simulated clock, a driver and readers, also on several threads.
#include "platform/base/clock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "platform/base/status.h"

namespace ieum::base {
namespace {

const absl::Time kMarch = absl::FromUnixSeconds(1'678'086'000);

TEST(SystemClock, ShowsRealTime) {
  const absl::Time before = absl::Now();
  const absl::Time shown = SystemClock().Now().value();
  EXPECT_GE(shown, before);
  EXPECT_LE(shown, absl::Now());
}

TEST(SimulatedClock, IsUnavailableUntilItIsSet) {
  SimulatedClock clock;
  const absl::Status status = clock.Now().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(status), "CLOCK_NOT_SET");
  ASSERT_TRUE(clock.Set(kMarch).ok());
  EXPECT_EQ(clock.Now().value(), kMarch);
}

TEST(SimulatedClock, StandsStillBetweenSteps) {
  SimulatedClock clock;
  ASSERT_TRUE(clock.Set(kMarch).ok());
  EXPECT_EQ(clock.Now().value(), clock.Now().value());
  ASSERT_TRUE(clock.Set(kMarch).ok()) << "the present time may be set again";
  ASSERT_TRUE(clock.Set(kMarch + absl::Nanoseconds(1)).ok());
  EXPECT_EQ(clock.Now().value(), kMarch + absl::Nanoseconds(1));
}

TEST(SimulatedClock, NeverGoesBack) {
  SimulatedClock clock;
  ASSERT_TRUE(clock.Set(kMarch).ok());
  const absl::Status status = clock.Set(kMarch - absl::Nanoseconds(1));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "CLOCK_WOULD_GO_BACK");
  EXPECT_EQ(clock.Now().value(), kMarch);
}

TEST(SimulatedClock, TellsEveryoneOfEachStepWithTheNewTime) {
  SimulatedClock clock;
  std::vector<absl::Time> first, second;
  clock.OnStep([&] { first.push_back(clock.Now().value()); });
  ASSERT_TRUE(clock.Set(kMarch).ok());
  clock.OnStep([&] { second.push_back(clock.Now().value()); });
  ASSERT_TRUE(clock.Set(kMarch + absl::Hours(1)).ok());
  ASSERT_FALSE(clock.Set(kMarch).ok());
  EXPECT_EQ(first, (std::vector{kMarch, kMarch + absl::Hours(1)}));
  EXPECT_EQ(second, (std::vector{kMarch + absl::Hours(1)}));
}

TEST(SimulatedClock, TellsOnTheSettersThread) {
  SimulatedClock clock;
  std::thread::id told;
  clock.OnStep([&] { told = std::this_thread::get_id(); });
  ASSERT_TRUE(clock.Set(kMarch).ok());
  EXPECT_EQ(told, std::this_thread::get_id());
}

TEST(SimulatedClock, IsReadWhileItMoves) {
  SimulatedClock clock;
  ASSERT_TRUE(clock.Set(kMarch).ok());
  std::atomic<bool> done = false;
  std::atomic<int> backwards = 0;
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&] {
      absl::Time last = kMarch;
      while (!done) {
        const absl::Time now = clock.Now().value();
        if (now < last) ++backwards;
        last = now;
      }
    });
  }
  for (int i = 1; i <= 2'000; ++i) ASSERT_TRUE(clock.Set(kMarch + absl::Seconds(i)).ok());
  done = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(backwards, 0);
}

}  // namespace
}  // namespace ieum::base
