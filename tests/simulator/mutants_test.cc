// Goal: the simulator would see what it is there to see. Method: each fault of mutants.md is woken
// alone, and some schedule must break some law; the report says which.
#include <gtest/gtest.h>

#include <thread>

#include "fmt/format.h"
#include "tests/simulator/campaign.h"
#include "tests/simulator/mutant.h"

namespace ieum::flow::simulation {
namespace {

constexpr uint64_t kSchedulesMax = 100000;

class Mutant : public ::testing::TestWithParam<MutantEntry> {
 protected:
  ~Mutant() override { awake_mutant = MutantId::kNone; }
};

TEST_P(Mutant, IsCaught) {
  ASSERT_STREQ(GetParam().fault, "") << "mutants.md and the code have parted";
  awake_mutant = GetParam().id;
  Campaign campaign;
  campaign.first_seed = GetParam().first_schedule;
  campaign.schedules = kSchedulesMax;
  const Totals totals = RunAll(campaign);
  ASSERT_TRUE(totals.failed_seed.has_value())
      << GetParam().name << " survived " << totals.schedules << " schedules";
  const Cut small = Shrink(*totals.failed_seed);
  fmt::print("caught | {} | {} | {} | `{}`\n", GetParam().name, totals.failure.law,
             *totals.failed_seed, Write(small));
}

INSTANTIATE_TEST_SUITE_P(Simulator, Mutant, ::testing::ValuesIn(kMutants),
                         [](const auto& given) { return std::string(given.param.name); });

TEST(Mutants, WithNoneAwakeEveryLawHolds) {
  Campaign campaign;
  campaign.schedules = 300;
  const Totals totals = RunAll(campaign);
  EXPECT_FALSE(totals.failed_seed.has_value()) << Report(*totals.failed_seed, totals.failure);
}

}  // namespace
}  // namespace ieum::flow::simulation
