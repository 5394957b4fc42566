// Goal: whatever people do in whatever order, the tables say what the events explain, refusals
// leave nothing, and versions count events. Method: random sequences of commands and of registry's
// verdicts on one engagement, half of them the natural next step so that they get far; then the
// ledger is read on its own and compared.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/integration/casemgmt/explained_life.h"

namespace ieum::casemgmt::testing {
namespace {

TEST(State, IsExplainedByTheEvents) {
  World world;
  absl::Time now = Korea("2023-05-10 10:00");
  std::map<v1::EngagementState, int> reached;
  const bool holds = rc::check("the tables say what the events explain", [&] {
    const int task = *rc::gen::inRange(1, 5);
    CampaignWish wish{.task = static_cast<registry::v1::TaskKind>(task),
                      .window_start = "2020-01-01 00:00",
                      .window_end = "2089-12-31 18:00"};
    if (task == registry::v1::TASK_KIND_INCENTIVE) {
      wish.admission = registry::v1::ADMISSION_MODE_EXTERNAL;
    }
    const auto acts = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 2 * kActs), rc::gen::inRange(0, 6)));
    Life life(world, &now, wish);
    for (const auto& [choice, detail] : acts) life.Do(choice, detail);
    life.CheckEngagement();
    life.CheckRecommendations();
    life.CheckForms();
    ++reached[life.state()];
  });
  EXPECT_TRUE(holds);
  // The lives got far enough to say something.
  EXPECT_GT(reached[v1::ENGAGEMENT_STATE_COMPLETED] + reached[v1::ENGAGEMENT_STATE_FOLLOWED_UP], 2);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
