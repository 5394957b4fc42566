// Goal: every statement of notify fits its schema.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/notify/world.h"
#include "tests/support/centre_statements.h"
#include "tests/support/statements.h"

namespace ieum::notify::testing {
namespace {

TEST(Schema, PreparesEveryStatement) {
  ieum::testing::TestDatabase database(notify_migrations());
  EXPECT_THAT(ieum::testing::UnpreparableStatements(database), ::testing::IsEmpty());
}

// row:R23
TEST(Schema, AsksWhoseRowsMayBeTouched) {
  ieum::testing::TestDatabase database(notify_migrations());
  const std::string plan = "the plan follows events, for the suite";
  const std::string sender = "the sender works for the suite";
  const ieum::testing::CentreExceptions exceptions = {
      .statements = {{"reminder_of_subjects", plan},
                     {"reminder_find", plan},
                     {"reminder_save", plan},
                     {"reminder_save_settled", sender},
                     {"reminder_due", sender},
                     {"reminder_count_due", sender},
                     {"message_lock_unsent", plan},
                     {"message_lock_unsent_to", "cancelled with the person, for the suite"},
                     {"message_untold", plan},
                     {"message_cancel", plan},
                     {"message_cancelled_by", plan},
                     {"message_anything_to_send", sender},
                     {"message_count_unsent", sender},
                     {"message_sendable", sender},
                     {"message_claim", sender},
                     {"message_lock_underway", sender},
                     {"message_save_outcomes", sender},
                     {"message_interrupted", sender},
                     {"message_sweep_queue", sender},
                     {"message_count_steps", sender},
                     {"sent_before_find", sender},
                     {"balance_watch", "a measure of the whole"}},
      .tables = {
          {"message_step", "written by ids of messages; no door reads it"},
          {"unsent_message", "the sender's queue, for the suite"},
          {"sent_before", "an operator's list, for the sender"},
          {"change_notice", "written by ids of reminders; counted in the balance by theirs"}}};
  EXPECT_THAT(ieum::testing::CentreFaults(database, exceptions), ::testing::IsEmpty());
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
