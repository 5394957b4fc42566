// Goal: an advertisement leaves as the law words it, to who has consented when it leaves, and never
// as a notice. Method: entered over gRPC, sent to a real mail server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/notify/mail_server.h"
#include "tests/integration/notify/world.h"

namespace ieum::notify::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

// An advertisement about visits, as VISIT-D-3 reminds of them.
void EnterAdvertisement(World& world) {
  v1::CreateTemplateRequest text;
  text.set_template_id("NEWS");
  v1::Template& wanted = *text.mutable_template_();
  wanted.set_law_class(v1::LAW_CLASS_ADVERTISING);
  wanted.mutable_ko()->set_subject("(광고) 새 과정");
  wanted.mutable_ko()->set_body("부산센터 051-123-4567\n{{person}} 님\n무료수신거부 080-123-4567");
  wanted.mutable_en()->set_subject("(광고) A new course");
  wanted.mutable_en()->set_body(
      "Busan Centre 051-123-4567\n{{person}}\nUnsubscribe free of charge: 080-123-4567");
  const auto made = world.Call<v1::Template>("TemplateService/CreateTemplate", text);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->law_class(), v1::LAW_CLASS_ADVERTISING);
  EXPECT_EQ(made->channel(), v1::CHANNEL_EMAIL);
  v1::CreateRuleRequest rule;
  rule.set_rule_id("NEWS");
  *rule.mutable_rule() = ScenarioRules()[0].second;
  rule.mutable_rule()->set_template_("templates/NEWS");
  rule.mutable_rule()->clear_change_notice_template();
  EXPECT_EQ(base::ReasonOf(world.Call<v1::Rule>("RuleService/CreateRule", rule).status()),
            "LAW_CLASS_MISMATCH");
  rule.mutable_rule()->set_law_class(v1::LAW_CLASS_ADVERTISING);
  ASSERT_TRUE(world.Call<v1::Rule>("RuleService/CreateRule", rule).ok());
}

// law:L27 law:L29 law:L30 law:L31
TEST(Advertisements, GoAsWordedToWhomRegistryGivesThemWhenTheyLeave) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  EnterAdvertisement(world);
  world.SetClock("2023-04-03 10:00");
  world.Happen(VisitPlanned("2023-04-10"));
  world.Happen(VisitPlanned("2023-04-11", "018c0000-0000-7000-8000-0000000000a2"));
  world.SetClock("2023-04-07 09:00");
  world.Settle(*sender);
  ASSERT_THAT(server.Mails(), SizeIs(1));
  EXPECT_EQ(Header(server.Mails()[0], "Subject"), "(광고) 새 과정");
  EXPECT_THAT(Body(server.Mails()[0]), StartsWith("부산센터 051-123-4567\n"));
  EXPECT_THAT(Body(server.Mails()[0]), HasSubstr("무료수신거부 080-123-4567"));
  ASSERT_THAT(world.asked, SizeIs(1));
  EXPECT_EQ(world.asked[0].questions(0).purpose(), registry::v1::CONTACT_PURPOSE_ADVERTISING);
  world.people[kContact].refused =
      true;  // she takes her consent back; the next one was planned before
  world.SetClock("2023-04-08 09:00");
  world.Settle(*sender);
  EXPECT_THAT(server.Mails(), SizeIs(1));
  const auto refused = world.Messages("state = MESSAGE_STATE_SUPPRESSED");
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(refused[0].suppression_reason(), v1::SUPPRESSION_REASON_CONTACT_REFUSED);
  world.ExpectBalanced();
}

}  // namespace
}  // namespace ieum::notify::testing
