// Goal: whatever relays, broker, consumers and databases go through, nothing is lost and nothing
// applied twice. Method: the real cores in a seeded world of mishaps; a hundred thousand schedules,
// each followed by healing, an ordinary day and a look at the laws.
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "tests/simulator/campaign.h"

namespace ieum::flow::simulation {
namespace {

// IEUM_SIM_SEED and IEUM_SIM_SCHEDULES choose others.
uint64_t FromEnvironment(const char* name, uint64_t fallback) {
  const char* value = std::getenv(name);
  return value == nullptr ? fallback : std::strtoull(value, nullptr, 10);
}

TEST(FlowSimulation, EveryEventIsAppliedOnceAndInOrderWhateverFails) {
  Campaign campaign;
  campaign.first_seed = FromEnvironment("IEUM_SIM_SEED", 1);
  campaign.schedules = FromEnvironment("IEUM_SIM_SCHEDULES", IEUM_SIM_SCHEDULES);
  campaign.threads = std::thread::hardware_concurrency() > 1 ? 2 : 1;
  const Totals totals = RunAll(campaign);
  ASSERT_FALSE(totals.failed_seed.has_value()) << Report(*totals.failed_seed, totals.failure);
  EXPECT_EQ(totals.schedules, campaign.schedules);
  // A world without mishaps would prove nothing.
  EXPECT_GT(totals.losses, 0);
  EXPECT_GT(totals.repairs, 0);
  EXPECT_GT(totals.parked, 0);
  EXPECT_GT(totals.restores, 0);
  std::printf(
      "%llu schedules, %lld events, %lld losses, %lld repairs, %lld dead letters, %lld restores\n",
      static_cast<unsigned long long>(totals.schedules), static_cast<long long>(totals.events),
      static_cast<long long>(totals.losses), static_cast<long long>(totals.repairs),
      static_cast<long long>(totals.parked), static_cast<long long>(totals.restores));
}

TEST(FlowSimulation, TheSameSeedGivesTheSameRun) {
  const Outcome once = RunSchedule(PlanOf(42)), again = RunSchedule(PlanOf(42));
  EXPECT_EQ(once.events, again.events);
  EXPECT_EQ(once.ticks, again.ticks);
  EXPECT_EQ(once.losses, again.losses);
  EXPECT_EQ(once.repairs, again.repairs);
}

TEST(FlowSimulation, AScheduleIsReadAsItWasWritten) {
  Cut cut;
  cut.seed = 77;
  EXPECT_EQ(Write(cut), "77");
  cut.ticks = 40;
  cut.keep = {2, 5};
  cut.quiet = {2, 8};
  EXPECT_EQ(Write(cut), "77/ticks=40/keep=2,5/quiet=drops,poison");
  const auto read = Read(Write(cut));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(Write(*read), Write(cut));
  EXPECT_FALSE(Read("77/ticks=many").has_value());
  EXPECT_FALSE(Read("x").has_value());
}

}  // namespace
}  // namespace ieum::flow::simulation
