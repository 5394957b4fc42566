// Goal: who supervises a centre hears of a broken glass without anybody having entered a rule, and
// when the mail does not go out that is counted. Method: the work that enters it, over a real
// database, and events as they arrive. law:L19
#include "services/notify/rules/standing_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/registry/v1/events.pb.h"
#include "tests/integration/notify/world.h"

namespace ieum::notify::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class StandingRule : public ::testing::Test {
 protected:
  void Enter(const flow::DueWork& work) {
    for (absl::StatusOr<bool> more = true; more.ok() && *more;) {
      more = work.step(world_.clock.Now().value());
      ASSERT_TRUE(more.ok()) << more.status();
    }
    EXPECT_EQ(work.count_due(world_.clock.Now().value()).value(), 0);
  }
  registry::v1::BreakGlassAlerted Alert(const std::string& person) {
    registry::v1::BreakGlassAlerted event;
    event.set_subject_id(base::Uuid::NewV7().ToString());
    event.set_event_date("2023-01-02");
    event.set_grant_id(base::Uuid::NewV7().ToString());
    event.set_alert_id(base::Uuid::NewV7().ToString());
    event.set_supervisor_person_id(person);
    event.set_cause(registry::v1::BREAK_GLASS_CAUSE_DANGER);
    event.mutable_expire_time()->set_seconds(1'672'700'000);
    return event;
  }
  v1::Rule Shown() {
    v1::GetRuleRequest request;
    request.set_name("rules/BREAK-GLASS");
    const auto rule = world_.Call<v1::Rule>("RuleService/GetRule", request);
    EXPECT_TRUE(rule.ok()) << rule.status();
    return rule.value_or(v1::Rule());
  }

  World world_;
};

TEST_F(StandingRule, IsEnteredOnceWithItsTemplateAndItsEvents) {
  const flow::DueWork work = StandingRules(world_.ledger);
  EXPECT_EQ(work.count_due(world_.clock.Now().value()).value(), 1);
  Enter(work);
  Enter(work);
  Enter(StandingRules(world_.ledger));  // another process
  EXPECT_EQ(Shown().version(), 1);
  EXPECT_EQ(Shown().trigger().event_type(), "ieum.registry.v1.BreakGlassAlerted");
  EXPECT_EQ(Shown().template_(), "templates/BREAK-GLASS");
  EXPECT_THAT(world_.EventTypes(""), ElementsAre("RuleDefined", "TemplateDefined"));
}

TEST_F(StandingRule, LeavesWhatSomebodyHasMadeOfIt) {
  Enter(StandingRules(world_.ledger));
  v1::UpdateRuleRequest request;
  *request.mutable_rule() = Shown();
  request.mutable_rule()->set_useful_hours(48);
  request.mutable_update_mask()->add_paths("useful_hours");
  const auto changed = world_.Call<v1::Rule>("RuleService/UpdateRule", request);
  ASSERT_TRUE(changed.ok()) << changed.status();
  Enter(StandingRules(world_.ledger));
  EXPECT_EQ(Shown().version(), 2);
  EXPECT_EQ(Shown().useful_hours(), 48);
}

TEST_F(StandingRule, MakesAMessageOfAGlassThatWasBrokenBefore) {
  Enter(StandingRules(world_.ledger));
  const std::string boss = base::Uuid::NewV7().ToString();
  const absl::Status heard =
      world_.Deliver(Alert(boss), world_.clock.Now().value() - absl::Hours(1));
  ASSERT_TRUE(heard.ok()) << heard;
  const auto rows = world_.Reminders("rule = \"rules/BREAK-GLASS\"");
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_THAT(rows[0].persons(), ElementsAre("persons/" + boss));
}

// Consumers start beside the work that enters the rule, and may be faster.
TEST_F(StandingRule, IsWaitedForByAGlassThatIsHeardOfFirst) {
  const auto alert = Alert(base::Uuid::NewV7().ToString());
  const absl::Time at = world_.clock.Now().value() - absl::Hours(1);
  const absl::Status early = world_.Deliver(alert, at);
  EXPECT_TRUE(absl::IsUnavailable(early)) << early;  // and is delivered again
  Enter(StandingRules(world_.ledger));
  const absl::Status heard = world_.Deliver(alert, at);
  ASSERT_TRUE(heard.ok()) << heard;
  EXPECT_THAT(world_.Reminders("rule = \"rules/BREAK-GLASS\""), SizeIs(1));
}

TEST_F(StandingRule, IsCountedWhereItsMailDoesNotGoOut) {
  Enter(StandingRules(world_.ledger));
  const auto sender = world_.NewSender("smtp://127.0.0.1:1");
  EXPECT_THAT(world_.Metrics(),
              HasSubstr("notify_break_glass_mails_total{result=\"suppressed\"} 0"));
  world_.Happen(Alert(base::Uuid::NewV7().ToString()));  // of whom registry knows nothing
  world_.Settle(*sender);
  EXPECT_EQ(world_.OnlyState(), "MESSAGE_STATE_SUPPRESSED");
  EXPECT_THAT(world_.Metrics(),
              HasSubstr("notify_break_glass_mails_total{result=\"suppressed\"} 1"));
}

}  // namespace
}  // namespace ieum::notify::testing
