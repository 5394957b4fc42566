// Goal: a rule that could never work is refused when it is put into force. Method: the scenario's
// rules, each spoilt in one way.
#include "services/notify/rules/rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "platform/base/status.h"
#include "tests/unit/notify/scenario_rules.h"

namespace ieum::notify::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

std::optional<Template> Find(const std::string& name, const std::string& year = kBusan) {
  for (const auto& [code, wanted] : ScenarioTemplates(year)) {
    if (TemplateName(code) != name) continue;
    auto made = CheckTemplate(code, wanted);
    made->version = 1;
    return *made;
  }
  return std::nullopt;
}

absl::Status Check(const v1::Rule& terms) {
  return CheckRule(terms, {Find(terms.template_()), Find(terms.change_notice_template())});
}

v1::Rule VisitRule() { return RulesInForce(At("2023-01-02 08:00"), {"VISIT-D-3"})[0].terms; }

// row:N1
TEST(Rule, OfTheScenarioCanAllBePutIntoForce) {
  for (const auto& [code, terms] : ScenarioRules()) EXPECT_TRUE(Check(terms).ok()) << code;
}

TEST(Rule, OfCasesCanAllBePutIntoForce) {
  int rules = 0;
  for (const auto& [code, terms] : ScenarioRules(kIncheon)) {
    const absl::Status checked = CheckRule(
        terms, {Find(terms.template_(), kIncheon), Find(terms.change_notice_template(), kIncheon)});
    EXPECT_TRUE(checked.ok()) << code << ": " << checked;
    ++rules;
  }
  EXPECT_EQ(rules, 8);
}

// Each crisis of a case is told, and each run of absences: not once for a case.
TEST(Rule, OfACrisisIsAboutThatCrisisAndNotAboutItsCase) {
  casemgmt::v1::CaseRiskChanged event;
  event.mutable_case_()->set_case_id(kForm);
  event.set_risk_change_id(kVisit);
  for (const auto& [code, terms] : ScenarioRules(kIncheon)) {
    if (code != "CRISIS") continue;
    EXPECT_FALSE(MatchOf(terms, event).has_value()) << "no crisis has begun";
    event.set_crisis_begun(true);
    ASSERT_TRUE(MatchOf(terms, event).has_value());
    EXPECT_EQ(MatchOf(terms, event)->subject_id, kVisit);
  }
}

struct Fault {
  std::function<void(v1::Rule*)> spoil;
  const char* reason;
  const char* field;
};

const Fault kFaults[] = {
    {[](v1::Rule* r) { r->mutable_trigger()->set_event_type("ieum.casemgmt.v1.Nothing"); },
     "EVENT_TYPE_UNKNOWN", "rule.trigger.event_type"},
    {[](v1::Rule* r) { r->mutable_cancels_on(0)->set_event_type("ieum.reporting.v1.TargetSet"); },
     "EVENT_TYPE_UNKNOWN", "rule.cancels_on[0].event_type"},
    {[](v1::Rule* r) { r->mutable_trigger()->set_subject_field("visit.nothing"); },
     "FIELD_PATH_UNKNOWN", "rule.trigger.subject_field"},
    {[](v1::Rule* r) { r->set_audience(0, "visit.report_recorded"); }, "FIELD_PATH_UNKNOWN",
     "rule.audience[0]"},
    {[](v1::Rule* r) { r->mutable_timing()->set_anchor_field("visit.day"); }, "FIELD_PATH_UNKNOWN",
     "rule.timing.anchor_field"},
    {[](v1::Rule* r) { r->mutable_trigger()->set_condition("visit.nothing = 1"); },
     "FILTER_INVALID", "rule.trigger.condition"},
    {[](v1::Rule* r) { r->mutable_moves_on(0)->set_condition("("); }, "FILTER_INVALID",
     "rule.moves_on[0].condition"},
    {[](v1::Rule* r) { r->mutable_trigger()->set_subject_field("visit.contact_person_id"); },
     "RULE_TELLS_PERSON", "rule.trigger.subject_field"},
    {[](v1::Rule* r) {
       r->mutable_trigger()->set_condition("NOT (visit.contact_person_id != \"018c0000*\")");
     },
     "RULE_TELLS_PERSON", "rule.trigger.condition"},
    {[](v1::Rule* r) { r->mutable_cancels_on(0)->set_condition("visit.contact_person_id:\"1\""); },
     "RULE_TELLS_PERSON", "rule.cancels_on[0].condition"},
    {[](v1::Rule* r) { r->set_template_("templates/NONE"); }, "TEMPLATE_UNKNOWN", "rule.template"},
    {[](v1::Rule* r) { r->set_change_notice_template("templates/NONE"); }, "TEMPLATE_UNKNOWN",
     "rule.change_notice_template"},
    // It uses previous_date, which a reminder does not have.
    {[](v1::Rule* r) { r->set_template_("templates/VISIT-CHANGED"); }, "TEMPLATE_VARIABLE_UNKNOWN",
     "rule.template"},
    {[](v1::Rule* r) { r->set_template_("templates/ENROLMENT-CONFIRMED"); },
     "TEMPLATE_VARIABLE_UNKNOWN", "rule.template"},
    {[](v1::Rule* r) { r->set_law_class(v1::LAW_CLASS_UNSPECIFIED); }, "INVALID_FIELD",
     "rule.law_class"},
    {[](v1::Rule* r) { r->set_catch_up(v1::CATCH_UP_POLICY_UNSPECIFIED); }, "INVALID_FIELD",
     "rule.catch_up"},
    {[](v1::Rule* r) { r->set_channels(0, v1::CHANNEL_UNSPECIFIED); }, "INVALID_FIELD",
     "rule.channels[0]"},
};

TEST(Rule, IsRefusedWithReasonAndField) {
  for (const Fault& fault : kFaults) {
    v1::Rule terms = VisitRule();
    fault.spoil(&terms);
    const absl::Status status = Check(terms);
    EXPECT_EQ(base::ReasonOf(status), fault.reason) << fault.field;
    EXPECT_THAT(base::FieldsOf(status), Contains(fault.field));
  }
}

TEST(Rule, AsksWhetherThereIsAPersonAndMayBeOfAPersonsOwnEvents) {
  v1::Rule terms = VisitRule();
  terms.mutable_trigger()->set_condition("visit.contact_person_id != \"\"");
  EXPECT_TRUE(Check(terms).ok()) << Check(terms);
  terms.mutable_trigger()->set_event_type("ieum.registry.v1.PersonRegistered");
  terms.mutable_trigger()->set_subject_field("person_id");
  terms.mutable_trigger()->set_condition("person_id = \"018c0000*\"");
  EXPECT_NE(base::ReasonOf(Check(terms)), "RULE_TELLS_PERSON");
}

TEST(Rule, WithoutAnAnchorSaysNoDayAndDoesNotMove) {
  v1::Rule terms = RulesInForce(At("2023-01-02 08:00"), {"ENROLMENT-CONFIRMED"})[0].terms;
  terms.mutable_timing()->set_offset_days(-1);
  terms.mutable_timing()->set_time_of_day("10:00");
  *terms.add_moves_on() = terms.trigger();
  EXPECT_EQ(base::ReasonOf(Check(terms)), "TIMING_INVALID");
  EXPECT_THAT(base::FieldsOf(Check(terms)),
              ElementsAre("rule.timing.offset_days", "rule.timing.time_of_day", "rule.moves_on"));
}

TEST(Rule, HoldsATemplateToWhatItFills) {
  const Rule rule = RulesInForce(At("2023-01-02 08:00"), {"VISIT-D-3"})[0];
  Template changed = *Find("templates/VISIT-REMINDER");
  EXPECT_TRUE(CheckStillFits(rule, changed).ok());
  changed.variables.insert("previous_date");
  EXPECT_EQ(base::ReasonOf(CheckStillFits(rule, changed)), "TEMPLATE_VARIABLE_UNKNOWN");
  EXPECT_TRUE(CheckStillFits(rule, *Find("templates/VISIT-CHANGED")).ok());
}

Template OfKind(const std::string& name, v1::LawClass law_class) {
  Template made = *Find(name);
  made.law_class = law_class;
  return made;
}

// An advertisement never goes as a notice, which asks no consent. law:L27
TEST(Rule, SendsTextsOfItsOwnKindAlone) {
  const std::string reminder = "templates/VISIT-REMINDER";
  v1::Rule terms = VisitRule();
  terms.clear_change_notice_template();
  const auto check = [&](v1::LawClass text) {
    return CheckRule(terms, {OfKind(reminder, text), std::nullopt});
  };
  EXPECT_EQ(base::ReasonOf(check(v1::LAW_CLASS_ADVERTISING)), "LAW_CLASS_MISMATCH");
  terms.set_law_class(v1::LAW_CLASS_ADVERTISING);
  EXPECT_TRUE(check(v1::LAW_CLASS_ADVERTISING).ok());
  EXPECT_EQ(base::ReasonOf(check(v1::LAW_CLASS_SERVICE_NOTICE)), "LAW_CLASS_MISMATCH");
  const Rule rule{.code = "A", .version = 1, .terms = terms};
  EXPECT_EQ(base::ReasonOf(CheckStillFits(rule, *Find(reminder))), "LAW_CLASS_MISMATCH");
  EXPECT_THAT(base::FieldsOf(CheckStillFits(rule, *Find(reminder))),
              ElementsAre("template.law_class"));
  Template by_text_message = OfKind(reminder, v1::LAW_CLASS_ADVERTISING);
  EXPECT_TRUE(CheckStillFits(rule, by_text_message).ok());
  by_text_message.channel = v1::CHANNEL_SMS;
  EXPECT_EQ(base::ReasonOf(CheckStillFits(rule, by_text_message)), "LAW_CLASS_MISMATCH");
  EXPECT_THAT(base::FieldsOf(CheckStillFits(rule, by_text_message)),
              ElementsAre("template.channel"));
  EXPECT_EQ(base::FieldsOf(CheckRule(terms, {by_text_message, std::nullopt})),
            std::vector<std::string>{"rule.template"});
}

TEST(Rule, MatchesByTypeAndCondition) {
  const auto report = RulesInForce(At("2023-01-02 08:00"), {"VISIT-REPORT-D7"})[0].terms;
  EXPECT_EQ(MatchOf(report, VisitHeld("2023-04-10", false))->role, Role::kTrigger);
  EXPECT_FALSE(MatchOf(report, VisitHeld("2023-04-10", true)).has_value());
  EXPECT_EQ(MatchOf(report, MinutesRecorded("2023-04-10"))->role, Role::kCancel);
  EXPECT_EQ(MatchOf(report, MinutesRecorded("2023-04-10"))->subject_id, kVisit);
  EXPECT_FALSE(MatchOf(report, VisitPlanned("2023-04-10")).has_value());
  EXPECT_EQ(MatchOf(VisitRule(), VisitMoved("2023-04-10", "2023-04-11"))->role, Role::kMove);
  EXPECT_FALSE(MatchOf(VisitRule(), VisitPlanned("2023-04-10", "")).has_value());
}

TEST(Rule, InForceIsTheNewestOfItsTime) {
  std::vector<Rule> versions = {{"A", 1, {}, At("2023-01-01 09:00")},
                                {"A", 2, {}, At("2023-02-01 09:00")}};
  EXPECT_EQ(InForce(versions, At("2023-01-01 08:59")), nullptr);
  EXPECT_EQ(InForce(versions, At("2023-01-01 09:00"))->version, 1);
  EXPECT_EQ(InForce(versions, At("2023-02-01 09:00"))->version, 2);
}

}  // namespace
}  // namespace ieum::notify::testing
