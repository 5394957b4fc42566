// Goal: every statement of notify fits its schema.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/notify/world.h"
#include "tests/support/statements.h"

namespace ieum::notify::testing {
namespace {

TEST(Schema, PreparesEveryStatement) {
  ieum::testing::TestDatabase database(notify_migrations());
  EXPECT_THAT(ieum::testing::UnpreparableStatements(database), ::testing::IsEmpty());
}

TEST(Clock, UnsetMakesNothingDueAndWritesNothing) {
  World world("");
  const v1::CreateTemplateRequest request = [] {
    v1::CreateTemplateRequest made;
    made.set_template_id("VISIT-REMINDER");
    *made.mutable_template_() = ScenarioTemplates()[0].second;
    return made;
  }();
  const auto refused = world.Call<v1::Template>("TemplateService/CreateTemplate", request);
  EXPECT_EQ(base::ReasonOf(refused.status()), "CLOCK_NOT_SET");
  EXPECT_FALSE(world.Deliver(VisitPlanned("2023-04-10"), At("2023-03-27 11:00")).ok());
  EXPECT_EQ(world.Count("event_log"), 0);
  EXPECT_EQ(world.Count("reminder"), 0);
}

}  // namespace
}  // namespace ieum::notify::testing
