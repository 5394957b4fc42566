// Goal: of several that choose one id at the same moment, one wins and the others hear the reason
// that they would have heard later. Method: real concurrency on a real database, several rounds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <barrier>
#include <thread>

#include "tests/integration/casemgmt/world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;

// What several are told who do something at once, "" for none, sorted.
template <class F>
std::vector<std::string> ReasonsAtOnce(F ask) {
  constexpr int kCallers = 4;
  std::vector<std::string> reasons(kCallers);
  std::barrier gate(kCallers);
  std::vector<std::thread> threads;
  for (int caller = 0; caller < kCallers; ++caller) {
    threads.emplace_back([&, caller] {
      gate.arrive_and_wait();
      reasons[caller] = ask(caller);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::sort(reasons.begin(), reasons.end());
  return reasons;
}

TEST(Race, ForAnEngagementsIdHasOneWinner) {
  World world;
  const base::Uuid campaign = world.HearCampaign();
  for (int round = 0; round < 8; ++round) {
    const base::Uuid id = base::Uuid::NewV7();
    const base::Uuid firms[] = {world.HearFirm(), world.HearFirm(), world.HearFirm(),
                                world.HearFirm()};
    EXPECT_THAT(ReasonsAtOnce([&](int caller) {
                  return Reason(world.Do([&](auto& work) {
                    return OpenEngagement(work,
                                          {.engagement_id = id,
                                           .organization_id = firms[round % 2 == 0 ? 0 : caller],
                                           .campaign_id = campaign});
                  }));
                }),
                ElementsAre("", "ID_TAKEN", "ID_TAKEN", "ID_TAKEN"));
  }
}

TEST(Race, ForAFormsIdHasOneWinner) {
  World world;
  const base::Uuid campaign = world.HearCampaign();
  for (int round = 0; round < 4; ++round) {
    const base::Uuid id = base::Uuid::NewV7();
    std::vector<base::Uuid> engagements;
    for (int caller = 0; caller < 4; ++caller) engagements.push_back(world.Visited(campaign));
    EXPECT_THAT(ReasonsAtOnce([&](int caller) {
                  return Reason(world.Do([&](auto& work) {
                    return BeginDraft(work,
                                      {.application_id = id, .engagement_id = engagements[caller]});
                  }));
                }),
                ElementsAre("", "ID_TAKEN", "ID_TAKEN", "ID_TAKEN"));
  }
}

}  // namespace
}  // namespace ieum::casemgmt::testing
