// Goal: the plan follows the order in which things happened, not that in which they are heard of.
#include <gtest/gtest.h>

#include "tests/unit/notify/paper_plan.h"
#include "tests/unit/notify/scenario_rules.h"

namespace ieum::notify::testing {
namespace {

PaperPlan Plan() { return PaperPlan(RulesInForce(At("2023-01-02 08:00"))); }

TEST(Plan, KeepsTheOrderOfBusinessTimeWhateverTheOrderOfArrival) {
  PaperPlan plan = Plan();
  plan.Take(VisitMoved("2023-04-20", "2023-04-25"), At("2023-03-29 11:00"));
  plan.Take(VisitMoved("2023-04-10", "2023-04-20"), At("2023-03-28 11:00"));
  EXPECT_TRUE(plan.rows().empty());
  EXPECT_EQ(plan.kept(), 4u);  // two moves, two rules
  plan.Take(VisitPlanned("2023-04-10"), At("2023-03-27 11:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-22 PENDING");
  EXPECT_EQ(plan.kept(), 0u);
  plan.Take(VisitMoved("2023-04-10", "2023-04-18"), At("2023-03-28 10:00"));  // overtaken
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-22 PENDING");
}

TEST(Plan, KeepsTheOrderOfTheLedgerAmongEventsOfOneInstant) {
  const absl::Time instant = At("2023-03-28 11:00");
  const base::Uuid small = *base::Uuid::Parse("00000000-0000-7000-8000-000000000001");
  const base::Uuid great = *base::Uuid::Parse("ffffffff-0000-7000-8000-000000000001");
  for (const bool in_order_of_ids : {true, false}) {
    PaperPlan plan = Plan();
    const base::Uuid first = in_order_of_ids ? small : great;
    const base::Uuid second = in_order_of_ids ? great : small;
    plan.Take(VisitMoved("2023-04-10", "2023-04-20"), instant, first, {"casemgmt", 3, 11});
    plan.Take(VisitMoved("2023-04-20", "2023-04-25"), instant, second, {"casemgmt", 3, 12});
    plan.Take(VisitPlanned("2023-04-10"), instant, base::Uuid::NewV7(), {"casemgmt", 3, 10});
    EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-22 PENDING");
  }
}

TEST(Plan, LeavesOutWhatStoodBeforeItsTriggerAtTheSameInstant) {
  const absl::Time instant = At("2023-03-28 11:00");
  PaperPlan plan = Plan();
  plan.Take(VisitCancelled("2023-04-10"), instant, base::Uuid::NewV7(), {"casemgmt", 3, 10});
  plan.Take(VisitPlanned("2023-04-10"), instant, base::Uuid::NewV7(), {"casemgmt", 3, 11});
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 PENDING");
}

}  // namespace
}  // namespace ieum::notify::testing
