// Goal: what is due in a case is due on the right day. Method: worked days of every state, level
// and pace, with holidays. row:C3 row:C18
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "services/casemgmt/cases/contact_attempt.h"
#include "tests/unit/casemgmt/case_days.h"

namespace ieum::casemgmt::testing {
namespace {

using Step = CaseStep;

constexpr auto kReferred = v1::CASE_STATE_REFERRED;
constexpr auto kIntake = v1::CASE_STATE_INTAKE;
constexpr auto kAssessment = v1::CASE_STATE_ASSESSMENT;
constexpr auto kClassified = v1::CASE_STATE_CLASSIFIED;
constexpr auto kMonitoring = v1::CASE_STATE_MONITORING;

// law:L41 law:L42 row:C3
TEST(CaseDueDays, ThePeriodToTheSignedPlanIsALegalOne) {
  const base::BusinessCalendar calendar = Holidays2024();
  EXPECT_EQ(PlanDue({}, Day("2024-08-19"), 0, calendar), Day("2024-09-19"));  // Chuseok is over
  EXPECT_EQ(PlanDue({}, Day("2024-05-07"), 0, calendar), Day("2024-06-07"));
  EXPECT_EQ(PlanDue({}, Day("2024-03-04"), 0, calendar), Day("2024-04-03"));
  EXPECT_EQ(PlanDue({}, Day("2030-03-04"), 0, calendar),
            std::nullopt);  // nobody knows its holidays
}

TEST(CaseDueDays, TheFirstContactIsInBusinessDaysAndInACrisisTheNextDay) {
  const base::BusinessCalendar calendar = Holidays2024();
  const auto due = [&](v1::RiskLevel level, const char* day) {
    return ContactDue({}, level, Day(day), calendar);
  };
  EXPECT_EQ(due(v1::RISK_LEVEL_UNSPECIFIED, "2024-03-04"), Day("2024-03-07"));
  EXPECT_EQ(due(v1::RISK_LEVEL_UNSPECIFIED, "2024-02-29"), Day("2024-03-06"));  // holiday, weekend
  EXPECT_EQ(due(v1::RISK_LEVEL_CRISIS, "2024-03-01"), Day("2024-03-02"));
}

// Each state with what is due there, from the pace of the template. row:C18
TEST(CaseDueDays, FollowTheStateTheLevelAndThePace) {
  Case c = Standing(kReferred);
  c.risk_level = v1::RISK_LEVEL_LOW;
  ASSERT_TRUE(Advance(c, Step::kContact, Day("2024-03-05")).ok());
  EXPECT_EQ(c.due_day, Day("2024-03-12"));
  ASSERT_TRUE(Advance(c, Step::kTakeIn, Day("2024-03-06")).ok());
  c.plan_due_day = PlanDue(c.pace, Day("2024-03-06"), 0, Holidays2024());
  EXPECT_EQ(c.plan_due_day, Day("2024-04-05"));
  EXPECT_EQ(c.due_day, Day("2024-03-16"));
  ASSERT_TRUE(Advance(c, Step::kBeginAssessment, Day("2024-03-10")).ok());
  EXPECT_EQ(c.due_day, Day("2024-03-16"));  // still ten days from the intake
  ASSERT_TRUE(Advance(c, Step::kApproveAssessment, Day("2024-03-15")).ok());
  EXPECT_EQ(c.due_day, Day("2024-03-20"));
  ASSERT_TRUE(Advance(c, Step::kClassify, Day("2024-03-20")).ok());
  ASSERT_TRUE(Advance(c, Step::kBeginPlan, Day("2024-03-20")).ok());
  EXPECT_EQ(c.due_day, Day("2024-04-04"));
  ASSERT_TRUE(Advance(c, Step::kSignPlan, Day("2024-04-01")).ok());
  EXPECT_EQ(c.due_day, Day("2024-05-01"));
  EXPECT_EQ(c.reassess_due_day, Day("2024-07-01"));
  ASSERT_TRUE(Advance(c, Step::kFirstService, Day("2024-04-08")).ok());
  EXPECT_EQ(c.due_day, Day("2024-05-08"));
  ASSERT_TRUE(Advance(c, Step::kReassess, Day("2024-07-01")).ok());
  EXPECT_EQ(c.due_day, Day("2024-07-11"));
}

TEST(CaseDueDays, ThePlanIsNeverDueAfterThirtyDaysFromTheIntake) {
  Case c = Standing(kClassified);
  c.risk_level = v1::RISK_LEVEL_LOW;
  c.plan_due_day = Day("2024-03-12");
  ASSERT_TRUE(Advance(c, Step::kBeginPlan, Day("2024-03-05")).ok());
  EXPECT_EQ(c.due_day, Day("2024-03-12"));
}

TEST(CaseDueDays, ACrisisIsQuicker) {
  Case c = Standing(kAssessment);
  ASSERT_TRUE(Advance(c, Step::kApproveAssessment, Day("2024-03-05")).ok());
  EXPECT_EQ(c.due_day, Day("2024-03-07"));
  c = Standing(kMonitoring);
  ASSERT_TRUE(Advance(c, Step::kMonitor, Day("2024-03-05")).ok());
  EXPECT_EQ(c.due_day, Day("2024-03-12"));
  // The level rises between two looks: the next one is sooner, never later.
  c = Standing(kMonitoring);
  c.risk_level = v1::RISK_LEVEL_LOW;
  ASSERT_TRUE(Advance(c, Step::kMonitor, Day("2024-03-05")).ok());
  SetRisk(c, v1::RISK_LEVEL_CRISIS, "RF08", Day("2024-03-10"));
  EXPECT_EQ(c.due_day, Day("2024-03-17"));
  SetRisk(c, v1::RISK_LEVEL_LOW, "RF08", Day("2024-03-11"));
  EXPECT_EQ(c.due_day, Day("2024-03-17"));
}

TEST(CaseDueDays, AnUrgentServicePullsThePlanToAWeek) {
  Case c = Standing(kIntake);
  c.plan_due_day = Day("2024-04-03");
  ASSERT_TRUE(Advance(c, Step::kUrgentService, Day("2024-03-05")).ok());
  EXPECT_TRUE(c.urgent);
  EXPECT_EQ(c.state, kIntake);
  EXPECT_EQ(c.plan_wanted_day(), Day("2024-03-12"));
  EXPECT_EQ(c.plan_due_day, Day("2024-04-03")) << "the law's day stays";
  ASSERT_TRUE(Advance(c, Step::kUrgentService, Day("2024-03-08")).ok());
  EXPECT_EQ(c.plan_wanted_day(), Day("2024-03-12")) << "a second one gives no more time";
}

// row:C16
TEST(LostContact, IsThreeTriesInThirtyDaysWithoutAnAnswer) {
  constexpr auto kNo = v1::ATTEMPT_OUTCOME_NO_ANSWER, kYes = v1::ATTEMPT_OUTCOME_REACHED;
  using Log = std::vector<std::pair<std::string, v1::AttemptOutcome>>;
  const auto lost = [](const Log& log) {
    std::vector<ContactAttempt> attempts;
    for (const auto& [day, outcome] : log)
      attempts.push_back({.day = Day(day), .outcome = outcome});
    return base::ReasonOf(CheckLost(attempts, Day("2024-03-30")));
  };
  EXPECT_EQ(lost({}), "CONTACT_TRIES_MISSING");
  EXPECT_EQ(lost({{"2024-03-10", kNo}, {"2024-03-20", kNo}}), "CONTACT_TRIES_MISSING");
  EXPECT_EQ(lost({{"2024-03-01", kNo}, {"2024-03-10", kNo}, {"2024-03-30", kNo}}), "");
  EXPECT_EQ(lost({{"2024-02-29", kNo}, {"2024-03-10", kNo}, {"2024-03-30", kNo}}),
            "CONTACT_TRIES_MISSING")
      << "the first lies 31 days back";
  EXPECT_EQ(
      lost({{"2024-03-01", kNo}, {"2024-03-02", kNo}, {"2024-03-03", kYes}, {"2024-03-04", kNo}}),
      "CONTACT_TRIES_MISSING")
      << "she was reached";
  EXPECT_EQ(lost({{"2024-03-03", kYes},
                  {"2024-03-04", kNo},
                  {"2024-03-05", kNo},
                  {"2024-03-06", v1::ATTEMPT_OUTCOME_WRONG_CONTACT}}),
            "");
  EXPECT_EQ(lost({{"2024-03-10", kNo}, {"2024-03-20", kNo}, {"2024-03-31", kNo}}),
            "CONTACT_TRIES_MISSING")
      << "a try of a day to come";
}

TEST(CasePaceTest, RefusesLengthsThatMeanNothing) {
  EXPECT_TRUE(CheckPace({}).ok());
  CasePace pace;
  pace.consult_days = 0;
  pace.reassessment_months = 61;
  pace.check_months = {3, 3};
  EXPECT_THAT(
      base::FieldsOf(CheckPace(pace)),
      ::testing::ElementsAre("pace.consult_days", "pace.reassessment_months", "pace.check_months"));
}

}  // namespace
}  // namespace ieum::casemgmt::testing
