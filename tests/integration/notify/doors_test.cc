// Goal: templates and rules are data that can be entered, changed and found, and what could never
// work is refused with its reason. Method: calls over gRPC.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <barrier>
#include <thread>

#include "tests/integration/notify/world.h"

namespace ieum::notify::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr char kCreateTemplate[] = "TemplateService/CreateTemplate";
constexpr char kCreateRule[] = "RuleService/CreateRule";

v1::CreateTemplateRequest TemplateNamed(const std::string& code) {
  v1::CreateTemplateRequest request;
  request.set_template_id(code);
  *request.mutable_template_() = ScenarioTemplates()[0].second;
  return request;
}

v1::CreateRuleRequest VisitRule(const std::string& code) {
  v1::CreateRuleRequest request;
  request.set_rule_id(code);
  *request.mutable_rule() = ScenarioRules()[0].second;
  return request;
}

TEST(TemplateDoor, DefinesChangesAndShowsVersions) {
  World world;
  const auto made = world.Call<v1::Template>(kCreateTemplate, TemplateNamed("A"));
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->name(), "templates/A");
  EXPECT_EQ(made->version(), 1);
  EXPECT_THAT(made->variables(), ElementsAre("date", "organization", "person"));
  EXPECT_EQ(base::ReasonOf(world.Call<v1::Template>(kCreateTemplate, TemplateNamed("A")).status()),
            "ID_TAKEN");
  v1::UpdateTemplateRequest change;
  change.mutable_template_()->set_name("templates/A");
  change.mutable_template_()->set_etag(made->etag());
  change.mutable_template_()->mutable_en()->set_subject("Soon");
  change.mutable_update_mask()->add_paths("en.subject");
  const auto changed = world.Call<v1::Template>("TemplateService/UpdateTemplate", change);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->version(), 2);
  EXPECT_EQ(changed->en().subject(), "Soon");
  EXPECT_EQ(changed->en().body(), made->en().body());
  EXPECT_EQ(
      base::ReasonOf(world.Call<v1::Template>("TemplateService/UpdateTemplate", change).status()),
      "STALE_ETAG");
  v1::GetTemplateRequest get;
  get.set_name("templates/A");
  get.set_version(1);
  EXPECT_EQ(world.Call<v1::Template>("TemplateService/GetTemplate", get)->en().subject(),
            made->en().subject());
  get.set_version(3);
  EXPECT_EQ(base::ReasonOf(world.Call<v1::Template>("TemplateService/GetTemplate", get).status()),
            "NOT_FOUND");
  EXPECT_THAT(world.EventTypes("Template"), SizeIs(2));
}

// What several are told who make one call at once, "" for none, sorted.
template <class Response>
std::vector<std::string> ReasonsAtOnce(World& world, const std::string& method,
                                       const google::protobuf::Message& request) {
  std::vector<std::string> reasons(4);
  std::barrier gate(4);
  std::vector<std::thread> threads;
  for (std::string& reason : reasons) {
    threads.emplace_back([&] {
      gate.arrive_and_wait();
      reason = base::ReasonOf(world.Call<Response>(method, request).status());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::sort(reasons.begin(), reasons.end());
  return reasons;
}

TEST(Doors, LetOneOfSeveralAtOnceDefineATemplateOrARule) {
  World world;
  world.EnterScenario();
  for (int round = 0; round < 6; ++round) {
    const std::string code = absl::StrCat("RACE-", round);
    EXPECT_THAT(ReasonsAtOnce<v1::Template>(world, kCreateTemplate, TemplateNamed(code)),
                ElementsAre("", "ID_TAKEN", "ID_TAKEN", "ID_TAKEN"));
    EXPECT_THAT(ReasonsAtOnce<v1::Rule>(world, kCreateRule, VisitRule(code)),
                ElementsAre("", "ID_TAKEN", "ID_TAKEN", "ID_TAKEN"));
  }
}

TEST(TemplateDoor, ChecksWithoutEffectWhenAsked) {
  World world;
  auto request = TemplateNamed("A");
  request.set_validate_only(true);
  EXPECT_EQ(world.Call<v1::Template>(kCreateTemplate, request)->version(), 1);
  EXPECT_EQ(world.Count("template"), 0);
  request.mutable_template_()->mutable_ko()->set_body("{{nobody}}");
  EXPECT_EQ(base::ReasonOf(world.Call<v1::Template>(kCreateTemplate, request).status()),
            "TEMPLATE_VARIABLE_UNKNOWN");
  request.mutable_template_()->mutable_ko()->set_body("{{#person}}");
  EXPECT_EQ(base::ReasonOf(world.Call<v1::Template>(kCreateTemplate, request).status()),
            "TEMPLATE_SYNTAX");
}

// row:N8
TEST(TemplateDoor, RefusesAVersionThatARuleCouldNotFill) {
  World world;
  world.EnterScenario();
  v1::UpdateTemplateRequest change;
  change.mutable_template_()->set_name("templates/ENROLMENT-CONFIRMED");
  change.mutable_template_()->mutable_ko()->set_subject("{{date}}");  // the rule has no anchor
  change.mutable_update_mask()->add_paths("ko.subject");
  EXPECT_EQ(
      base::ReasonOf(world.Call<v1::Template>("TemplateService/UpdateTemplate", change).status()),
      "TEMPLATE_VARIABLE_UNKNOWN");
}

// row:N1
TEST(RuleDoor, DefinesChangesAndShowsVersions) {
  World world;
  world.EnterScenario();
  v1::GetRuleRequest get;
  get.set_name("rules/VISIT-D-3");
  const auto rule = world.Call<v1::Rule>("RuleService/GetRule", get);
  ASSERT_TRUE(rule.ok()) << rule.status();
  EXPECT_EQ(rule->timing().offset_days(), -3);
  EXPECT_EQ(rule->display_name(), "방문 3일 전 안내");
  v1::UpdateRuleRequest change;
  change.mutable_rule()->set_name("rules/VISIT-D-3");
  change.mutable_rule()->mutable_timing()->set_offset_days(-5);
  change.mutable_update_mask()->add_paths("timing.offset_days");
  const auto changed = world.Call<v1::Rule>("RuleService/UpdateRule", change);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->version(), 2);
  EXPECT_EQ(changed->timing().anchor_field(), "visit.visit_date");
  EXPECT_EQ(changed->timing().offset_days(), -5);
  get.set_version(1);
  EXPECT_EQ(world.Call<v1::Rule>("RuleService/GetRule", get)->timing().offset_days(), -3);
}

TEST(RuleDoor, RefusesWithTheReason) {
  World world;
  EXPECT_EQ(base::ReasonOf(world.Call<v1::Rule>(kCreateRule, VisitRule("A")).status()),
            "TEMPLATE_UNKNOWN");
  world.EnterScenario();
  auto request = VisitRule("A");
  request.set_validate_only(true);
  EXPECT_TRUE(world.Call<v1::Rule>(kCreateRule, request).ok());
  EXPECT_EQ(world.Count("rule WHERE code = 'A'"), 0);
  request.mutable_rule()->mutable_trigger()->set_condition("visit.nothing = 1");
  EXPECT_EQ(base::ReasonOf(world.Call<v1::Rule>(kCreateRule, request).status()), "FILTER_INVALID");
  EXPECT_EQ(base::ReasonOf(world.Call<v1::Rule>(kCreateRule, VisitRule("VISIT-D-3")).status()),
            "ID_TAKEN");
  auto sloppy = VisitRule("A");
  sloppy.mutable_rule()->set_useful_hours(0);
  EXPECT_EQ(base::ReasonOf(world.Call<v1::Rule>(kCreateRule, sloppy).status()), "INVALID_FIELD");
}

TEST(RuleDoor, ListsByFilter) {
  World world;
  world.EnterScenario();
  v1::ListRulesRequest request;
  request.set_filter("template = \"templates/WINDOW-CLOSING\"");
  const auto page = world.Call<v1::ListRulesResponse>("RuleService/ListRules", request);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(page->rules(), SizeIs(2));
  request.set_filter("nothing = 1");
  EXPECT_EQ(
      base::ReasonOf(world.Call<v1::ListRulesResponse>("RuleService/ListRules", request).status()),
      "FILTER_INVALID");
}

TEST(MessageDoor, ListsThePlanByFilterAndPage) {
  World world;
  world.EnterScenario();
  for (int n = 0; n < 5; ++n) {
    world.Happen(VisitPlanned("2023-04-10", base::Uuid::NewV7().ToString()));
  }
  EXPECT_THAT(world.Reminders("rule = \"rules/VISIT-D-3\" AND state = REMINDER_STATE_PENDING"),
              SizeIs(5));
  EXPECT_THAT(world.Reminders("due_date >= \"2023-04-08\" occurrence = 1"), SizeIs(5));
  v1::ListRemindersRequest request;
  request.set_page_size(4);
  int seen = 0;
  do {
    const auto page =
        world.Call<v1::ListRemindersResponse>("MessageService/ListReminders", request);
    ASSERT_TRUE(page.ok()) << page.status();
    seen += page->reminders_size();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, 10);
  v1::GetReminderRequest get;
  get.set_name(world.Reminders()[0].name());
  const auto reminder = world.Call<v1::Reminder>("MessageService/GetReminder", get);
  EXPECT_EQ(reminder->due_date(), "2023-04-07");
  EXPECT_EQ(reminder->etag(), "\"1\"");
  EXPECT_THAT(reminder->persons(), ElementsAre(std::string("persons/") + kContact));
}

// row:X8
TEST(MessageDoor, ShowsTheBalanceOfEachRuleAndDay) {
  World world;
  world.EnterScenario();
  world.SetClock("2023-04-08 10:00");
  world.Happen(VisitPlanned("2023-04-10"));
  v1::ListBalancesRequest request;
  const auto page = world.Call<v1::ListBalancesResponse>("MessageService/ListBalances", request);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_THAT(page->balances(), SizeIs(2));
  EXPECT_EQ(page->balances(0).rule(), "rules/VISIT-D-1");
  EXPECT_EQ(page->balances(0).pending(), 1);
  EXPECT_EQ(page->balances(1).skipped(), 1);
  EXPECT_TRUE(page->balances(0).balanced() && page->balances(1).balanced());
  // A message that goes by a way that nobody planned shows.
  world.Ask(
      "UPDATE reminder SET state = 2, released_at = now(), message_count = 1 "
      "WHERE rule_code = 'VISIT-D-1' RETURNING 1");
  EXPECT_EQ(world.Count("balance WHERE NOT balanced"), 1);
}

TEST(MessageDoor, AnswersNotFound) {
  World world;
  v1::GetMessageRequest request;
  request.set_name("messages/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(base::ReasonOf(world.Call<v1::Message>("MessageService/GetMessage", request).status()),
            "NOT_FOUND");
}

TEST(Doors, AreClosedToThoseWithoutPermission) {
  World world;
  EXPECT_EQ(base::ReasonOf(
                world.Call<v1::Template>(kCreateTemplate, TemplateNamed("A"), world.nobody.get())
                    .status()),
            "PERMISSION_DENIED");
}

}  // namespace
}  // namespace ieum::notify::testing
