// Goal: only templates that can be read and filled are put into force. Method: the scenario's own,
// and each fault alone.
#include "services/notify/templates/template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "tests/unit/notify/scenario_rules.h"

namespace ieum::notify::testing {
namespace {

using ::testing::ElementsAre;

v1::Template Sample() {
  v1::Template wanted;
  wanted.mutable_ko()->set_subject("{{date}} 방문");
  wanted.mutable_ko()->set_body("{{person}} 님");
  wanted.mutable_en()->set_subject("Visit on {{date}}");
  wanted.mutable_en()->set_body("Dear {{person}}");
  return wanted;
}

// row:N8
TEST(Template, OfTheScenarioCanAllBePutIntoForce) {
  for (const char* year : {kBusan, kIncheon}) {
    for (const auto& [code, wanted] : ScenarioTemplates(year)) {
      EXPECT_TRUE(CheckTemplate(code, wanted).ok()) << code;
    }
  }
}

TEST(Template, TellsTheVariablesOfBothLanguages) {
  auto wanted = Sample();
  wanted.mutable_en()->set_body("{{organization}}");
  const auto made = CheckTemplate("A", wanted);
  ASSERT_TRUE(made.ok());
  EXPECT_THAT(made->variables, ElementsAre("date", "organization", "person"));
}

TEST(Template, MayUseTheFieldsOfItsEventOnly) {
  auto wanted = Sample();
  wanted.mutable_ko()->set_body("{{visit_visit_date}}");
  EXPECT_EQ(base::ReasonOf(CheckTemplate("A", wanted).status()), "TEMPLATE_VARIABLE_UNKNOWN");
  EXPECT_THAT(base::FieldsOf(CheckTemplate("A", wanted).status()), ElementsAre("template.ko.body"));
  wanted.set_event_type("ieum.casemgmt.v1.VisitPlanned");
  EXPECT_TRUE(CheckTemplate("A", wanted).ok());
  wanted.set_event_type("ieum.casemgmt.v1.NoEvent");
  EXPECT_EQ(base::ReasonOf(CheckTemplate("A", wanted).status()), "EVENT_TYPE_UNKNOWN");
}

TEST(Template, IsRefusedWithAllItsFaults) {
  auto wanted = Sample();
  wanted.mutable_ko()->set_body("{{#date}}");
  wanted.mutable_en()->set_subject("two\nlines");
  wanted.mutable_en()->set_body("{{nobody}}");
  const auto status = CheckTemplate("A", wanted).status();
  EXPECT_EQ(base::ReasonOf(status), "TEMPLATE_SYNTAX");
  EXPECT_THAT(base::FieldsOf(status),
              ElementsAre("template.ko.body", "template.en.subject", "template.en.body"));
}

TEST(Template, IsANoticeByMailUnlessItSaysOtherwise) {
  const auto made = CheckTemplate("A", Sample());
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->law_class, v1::LAW_CLASS_SERVICE_NOTICE);
  EXPECT_EQ(made->channel, v1::CHANNEL_EMAIL);
}

// law:L29 law:L30
TEST(Template, OfAnAdvertisementIsWordedAsOneInBothLanguages) {
  auto wanted = Sample();
  wanted.set_law_class(v1::LAW_CLASS_ADVERTISING);
  EXPECT_THAT(base::FieldsOf(CheckTemplate("A", wanted).status()),
              ElementsAre("template.ko.subject", "template.ko.body", "template.ko.body",
                          "template.en.subject", "template.en.body", "template.en.body"));
  wanted.mutable_ko()->set_subject("(광고) {{date}}");
  wanted.mutable_ko()->set_body("센터 032-123-4567\n무료수신거부 080-123-4567");
  wanted.mutable_en()->set_subject("(광고) {{date}}");
  wanted.mutable_en()->set_body("Centre 032-123-4567\nUnsubscribe free of charge: 080-123-4567");
  EXPECT_TRUE(CheckTemplate("A", wanted).ok());
  wanted.set_channel(v1::CHANNEL_SMS);
  EXPECT_EQ(base::ReasonOf(CheckTemplate("A", wanted).status()), "ADVERTISING_MARK");
  wanted.clear_channel();
  wanted.clear_law_class();
  EXPECT_EQ(base::ReasonOf(CheckTemplate("A", wanted).status()), "ADVERTISING_MARK");
}

TEST(Template, HasAnIdOfItsCode) {
  EXPECT_EQ(TemplateId("A"), TemplateId("A"));
  EXPECT_NE(TemplateId("A"), TemplateId("B"));
  EXPECT_NE(TemplateId("A"), RuleId("A"));
  EXPECT_EQ(TemplateCode(TemplateName("A-1")), "A-1");
  EXPECT_EQ(TemplateCode("rules/A"), "");
}

}  // namespace
}  // namespace ieum::notify::testing
