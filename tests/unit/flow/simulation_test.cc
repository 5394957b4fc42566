// Goal: whatever relays, broker and consumer go through, nothing is lost and nothing applied twice.
// Method: the real cores in a seeded world of mishaps (simulation/); thousands of schedules, each
// followed by healing and by a look at the laws.
#include "tests/unit/flow/simulation/simulation.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace ieum::flow::simulation {
namespace {

constexpr uint64_t kSchedules = 2000;

// IEUM_SIM_SEED and IEUM_SIM_SCHEDULES choose others.
uint64_t FromEnvironment(const char* name, uint64_t fallback) {
  const char* value = std::getenv(name);
  return value == nullptr ? fallback : std::strtoull(value, nullptr, 10);
}

TEST(FlowSimulation, EveryEventIsAppliedOnceAndInOrderWhateverFails) {
  const uint64_t first = FromEnvironment("IEUM_SIM_SEED", 1);
  const uint64_t count = FromEnvironment("IEUM_SIM_SCHEDULES", kSchedules);
  Outcome total;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    const Outcome outcome = RunSchedule(seed);
    ASSERT_EQ(outcome.breach, "") << "seed " << seed;
    total.events += outcome.events;
    total.losses += outcome.losses;
    total.repairs += outcome.repairs;
  }
  RecordProperty("events", std::to_string(total.events));
  // A world without mishaps would prove nothing.
  EXPECT_GT(total.losses, 0);
  EXPECT_GT(total.repairs, 0);
}

TEST(FlowSimulation, TheSameSeedGivesTheSameRun) {
  const Outcome once = RunSchedule(42), again = RunSchedule(42);
  EXPECT_EQ(once.events, again.events);
  EXPECT_EQ(once.losses, again.losses);
  EXPECT_EQ(once.repairs, again.repairs);
}

}  // namespace
}  // namespace ieum::flow::simulation
