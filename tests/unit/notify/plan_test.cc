// Goal: the plan follows the rules of scenarios/FORMAT.md exactly. Method: the scenario's own
// rules, events and clock steps; what stands in the plan afterwards is told in words.
#include "services/notify/reminders/plan.h"

#include <gtest/gtest.h>

#include "platform/base/korea_time.h"
#include "tests/unit/notify/paper_plan.h"
#include "tests/unit/notify/scenario_rules.h"

namespace ieum::notify::testing {
namespace {

const absl::Time kSetUp = At("2023-01-02 08:00");

PaperPlan Plan() { return PaperPlan(RulesInForce(kSetUp)); }

// row:N2
TEST(VisitReminder, IsPlannedThreeDaysAndOneDayBeforeAtNineInKorea) {
  PaperPlan plan = Plan();
  plan.Take(VisitPlanned("2023-04-10"), At("2023-03-27 11:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 PENDING");
  EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), "2023-04-09 PENDING");  // a Sunday
  EXPECT_EQ(plan.rows()[1].due_at, At("2023-04-09 09:00"));
  plan.SetClock(At("2023-04-07 08:59"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 PENDING");
  plan.SetClock(At("2023-04-07 09:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 RELEASED");
  EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), "2023-04-09 PENDING");
  EXPECT_EQ(plan.reminder_messages(), 1);
}

TEST(VisitReminder, PlannedTwoDaysBeforeIsSkippedAtDayThreeAndSentAtDayOne) {
  PaperPlan plan = Plan();
  const auto decision = plan.Take(VisitPlanned("2023-04-10"), At("2023-04-08 10:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 SKIPPED");
  EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), "2023-04-09 PENDING");
  ASSERT_EQ(decision.steps.size(), 3u);  // a skipped row is planned first, so that sums add up
  for (const Reminder& row : plan.rows()) {
    if (row.rule_code != "VISIT-D-3") continue;
    EXPECT_EQ(row.skip_reason, v1::SKIP_REASON_PLANNED_TOO_LATE);
  }
}

TEST(VisitReminder, PlannedAtItsVeryInstantIsEarlyEnough) {
  PaperPlan plan = Plan();
  plan.Take(VisitPlanned("2023-04-10"), At("2023-04-07 09:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 PENDING");
}

TEST(VisitReminder, IsJudgedByTheEventsTimeNotByWhenItArrives) {
  PaperPlan plan = Plan();
  plan.SetClock(At("2023-04-07 12:00"));
  plan.Take(VisitPlanned("2023-04-10"), At("2023-04-06 10:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 PENDING");
  plan.SetClock(At("2023-04-07 12:01"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 RELEASED");
}

TEST(VisitReminder, MovesWithTheVisitWhileNobodyWasTold) {
  PaperPlan plan = Plan();
  plan.Take(VisitPlanned("2023-04-10"), At("2023-03-27 11:00"));
  plan.Take(VisitMoved("2023-04-10", "2023-04-20"), At("2023-04-03 15:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-17 PENDING");
  EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), "2023-04-19 PENDING");
  EXPECT_TRUE(plan.notices().empty());
}

TEST(VisitReminder, MovedToTooEarlyADayIsSkippedInTheSameRow) {
  PaperPlan plan = Plan();
  plan.Take(VisitPlanned("2023-04-20"), At("2023-04-03 11:00"));
  plan.Take(VisitMoved("2023-04-20", "2023-04-06"), At("2023-04-04 15:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-03 SKIPPED");
  EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), "2023-04-05 PENDING");
}

TEST(VisitReminder, MovedAfterItWentOutOpensTheNextOccurrenceAndSendsOneNotice) {
  PaperPlan plan = Plan();
  plan.Take(VisitPlanned("2023-04-10"), At("2023-03-27 11:00"));
  plan.SetClock(At("2023-04-07 09:00"));
  plan.Take(VisitMoved("2023-04-10", "2023-04-20"), At("2023-04-07 15:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 RELEASED, 2023-04-17 PENDING");
  EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), "2023-04-19 PENDING");
  ASSERT_EQ(plan.notices().size(), 1u);
  const Notice& notice = plan.notices()[0];
  EXPECT_EQ(notice.template_code, "VISIT-CHANGED");
  EXPECT_EQ(notice.row.rule_code, "VISIT-D-3");
  EXPECT_EQ(notice.person.ToString(), kContact);
  EXPECT_EQ(base::FormatDay(*notice.previous), "2023-04-10");
  EXPECT_EQ(base::FormatDay(*notice.anchor), "2023-04-20");
}

TEST(ChangeNotice, IsOneWhereBothRemindersHadGoneOutAndHangsOnTheLater) {
  PaperPlan plan = Plan();
  plan.Take(VisitPlanned("2023-04-10"), At("2023-03-27 11:00"));
  plan.SetClock(At("2023-04-07 09:00"));
  plan.SetClock(At("2023-04-09 09:00"));
  plan.Take(VisitMoved("2023-04-10", "2023-04-20"), At("2023-04-09 15:00"));
  ASSERT_EQ(plan.notices().size(), 1u);
  EXPECT_EQ(plan.notices()[0].row.rule_code, "VISIT-D-1");
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 RELEASED, 2023-04-17 PENDING");
  EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), "2023-04-09 RELEASED, 2023-04-19 PENDING");
}

TEST(ChangeNotice, IsSentAgainWhenTheVisitMovesAgainAlthoughNoReminderWentOutInBetween) {
  PaperPlan plan = Plan();
  plan.Take(VisitPlanned("2023-09-15"), At("2023-09-01 10:00"));
  plan.SetClock(At("2023-09-12 09:00"));
  plan.Take(VisitMoved("2023-09-15", "2023-09-20"), At("2023-09-12 14:00"));
  plan.Take(VisitMoved("2023-09-20", "2023-09-22"), At("2023-09-15 11:00"));
  ASSERT_EQ(plan.notices().size(), 2u);
  EXPECT_EQ(base::FormatDay(*plan.notices()[1].previous), "2023-09-20");
  EXPECT_EQ(base::FormatDay(*plan.notices()[1].anchor), "2023-09-22");
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-09-12 RELEASED, 2023-09-19 PENDING");
  EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), "2023-09-21 PENDING");
}

TEST(ChangeNotice, IsNotSentWhenTheDayStays) {
  PaperPlan plan = Plan();
  plan.Take(VisitPlanned("2023-04-10"), At("2023-03-27 11:00"));
  plan.SetClock(At("2023-04-07 09:00"));
  plan.Take(VisitMoved("2023-04-10", "2023-04-10"), At("2023-04-07 15:00"));
  EXPECT_TRUE(plan.notices().empty());
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 RELEASED");
}

TEST(VisitReminder, MovedOnASkippedRowOpensTheNextOccurrence) {
  PaperPlan plan = Plan();
  plan.Take(VisitPlanned("2023-04-10"), At("2023-04-08 10:00"));
  plan.Take(VisitMoved("2023-04-10", "2023-04-20"), At("2023-04-08 11:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 SKIPPED, 2023-04-17 PENDING");
  plan.Take(VisitMoved("2023-04-20", "2023-04-21"), At("2023-04-19 11:00"));
  EXPECT_TRUE(plan.notices().empty());
}

// row:N20
TEST(VisitReminder, CancelledWithTheVisitIsNotSentAndDoesNotMoveAnyMore) {
  PaperPlan plan = Plan();
  plan.Take(VisitPlanned("2023-04-10"), At("2023-03-27 11:00"));
  plan.SetClock(At("2023-04-07 09:00"));
  const auto decision = plan.Take(VisitCancelled("2023-04-10"), At("2023-04-07 16:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 RELEASED");
  EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), "2023-04-09 CANCELLED");
  EXPECT_TRUE(plan.notices().empty());
  ASSERT_EQ(decision.silenced.size(), 1u);  // what was not sent yet will not be
  plan.Take(VisitMoved("2023-04-10", "2023-04-20"), At("2023-04-08 10:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), "2023-04-09 CANCELLED");
}

TEST(ReportReminder, IsPlannedWhenTheVisitWasHeldWithoutMinutesAndCancelledByThem) {
  PaperPlan plan = Plan();
  plan.Take(VisitHeld("2023-04-10", false), At("2023-04-10 17:00"));
  EXPECT_EQ(plan.Tell("VISIT-REPORT-D7", kVisit), "2023-04-17 PENDING");
  EXPECT_EQ(plan.rows()[0].persons[0].ToString(), kConsultant);
  plan.Take(MinutesRecorded("2023-04-10"), At("2023-04-14 10:00"));
  EXPECT_EQ(plan.Tell("VISIT-REPORT-D7", kVisit), "2023-04-17 CANCELLED");
}

TEST(ReportReminder, IsNotPlannedWhenMinutesCameWithTheVisit) {
  PaperPlan plan = Plan();
  plan.Take(VisitHeld("2023-04-10", true), At("2023-04-10 17:00"));
  EXPECT_EQ(plan.Tell("VISIT-REPORT-D7", kVisit), "");
}

TEST(ReportReminder, StaysReleasedWhenMinutesComeLate) {
  PaperPlan plan = Plan();
  plan.Take(VisitHeld("2023-04-10", false), At("2023-04-10 17:00"));
  plan.SetClock(At("2023-04-17 09:00"));
  plan.Take(MinutesRecorded("2023-04-10"), At("2023-04-17 10:00"));
  EXPECT_EQ(plan.Tell("VISIT-REPORT-D7", kVisit), "2023-04-17 RELEASED");
}

TEST(WindowReminder, GoesToContactAndConsultantOfEachOpenDraft) {
  PaperPlan plan = Plan();
  plan.Take(FormDrafted("2023-05-31"), At("2023-05-02 10:00"));
  EXPECT_EQ(plan.Tell("WINDOW-D-7", kForm), "2023-05-24 PENDING");
  plan.SetClock(At("2023-05-24 09:00"));
  EXPECT_EQ(plan.reminder_messages(), 2);
  plan.Take(FormSubmitted("2023-05-31"), At("2023-05-25 10:00"));
  EXPECT_EQ(plan.Tell("WINDOW-D-7", kForm), "2023-05-24 RELEASED");
  EXPECT_EQ(plan.Tell("WINDOW-D-1", kForm), "2023-05-30 CANCELLED");
}

TEST(WindowReminder, OfADraftBegunTooLateIsSkipped) {
  PaperPlan plan = Plan();
  plan.Take(FormDrafted("2023-05-31"), At("2023-05-24 09:01"));
  EXPECT_EQ(plan.Tell("WINDOW-D-7", kForm), "2023-05-24 SKIPPED");
  EXPECT_EQ(plan.Tell("WINDOW-D-1", kForm), "2023-05-30 PENDING");
}

TEST(WindowReminder, FollowsTheWindowAndGoesWithIt) {
  PaperPlan plan = Plan();
  plan.Take(FormDrafted("2023-05-31"), At("2023-05-02 10:00"));
  plan.Take(WindowMoved("2023-06-30"), At("2023-05-03 10:00"));
  EXPECT_EQ(plan.Tell("WINDOW-D-7", kForm), "2023-06-23 PENDING");
  plan.Take(WindowMoved(""), At("2023-05-04 10:00"));  // the date vanished
  EXPECT_EQ(plan.Tell("WINDOW-D-7", kForm), "2023-06-23 CANCELLED");
}

TEST(WindowReminder, OfADraftForNoWindowIsNotPlanned) {
  PaperPlan plan = Plan();
  plan.Take(FormDrafted(""), At("2023-05-02 10:00"));
  EXPECT_TRUE(plan.rows().empty());
}

TEST(ImmediateReminder, IsDueWhenTheEventHappened) {
  PaperPlan plan = Plan();
  const std::string enrolment = "018c0000-0000-7000-8000-0000000000d1";
  plan.Take(Confirmed("2023-06-01", enrolment), At("2023-06-01 14:30"));
  EXPECT_EQ(plan.Tell("ENROLMENT-CONFIRMED", enrolment), "2023-06-01 PENDING");
  plan.SetClock(At("2023-06-01 14:30"));
  EXPECT_EQ(plan.Tell("ENROLMENT-CONFIRMED", enrolment), "2023-06-01 RELEASED");
  EXPECT_EQ(plan.reminder_messages(), 1);
}

// row:N3, row:N19
TEST(Reminder, SurvivesDowntimeAsLongAsItIsUsefulAndExpiresThen) {
  for (const auto& [clock, told] : {std::pair("2023-04-10 09:00", "2023-04-09 RELEASED"),
                                    std::pair("2023-04-10 09:01", "2023-04-09 SKIPPED")}) {
    PaperPlan plan = Plan();
    plan.Take(VisitPlanned("2023-04-10"), At("2023-03-27 11:00"));
    plan.SetClock(At(clock));
    EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), told) << clock;
  }
}

// row:N3
TEST(Reminder, OfARuleThatSendsLateIsSentAlsoWhenItWasPlannedTooLate) {
  auto rules = RulesInForce(kSetUp, {"VISIT-D-1"});
  rules[0].terms.set_catch_up(v1::CATCH_UP_POLICY_SEND_LATE);
  PaperPlan plan(rules);
  plan.Take(VisitPlanned("2023-04-10"), At("2023-04-09 18:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), "2023-04-09 PENDING");
  PaperPlan useless(rules);
  useless.Take(VisitPlanned("2023-04-10"), At("2023-04-10 09:01"));
  EXPECT_EQ(useless.Tell("VISIT-D-1", kVisit), "2023-04-09 SKIPPED");
}

TEST(Reminder, ForNobodyIsSkippedAndAMoveThatNamesSomebodyOpensTheNext) {
  PaperPlan plan = Plan();
  auto planned = VisitPlanned("2023-04-10");
  planned.mutable_visit()->clear_contact_person_id();
  plan.Take(planned, At("2023-03-27 11:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), "2023-04-09 SKIPPED");
  EXPECT_EQ(plan.rows()[0].skip_reason, v1::SKIP_REASON_NO_AUDIENCE);
  plan.Take(VisitMoved("2023-04-10", "2023-04-20"), At("2023-03-28 11:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-1", kVisit), "2023-04-09 SKIPPED, 2023-04-19 PENDING");
}

TEST(Reminder, ToOnePersonInTwoRolesIsOneMessage) {
  PaperPlan plan = Plan();
  auto drafted = FormDrafted("2023-05-31");
  drafted.mutable_application()->set_consultant_person_id(kContact);
  plan.Take(drafted, At("2023-05-02 10:00"));
  plan.SetClock(At("2023-05-24 09:00"));
  EXPECT_EQ(plan.reminder_messages(), 1);
}

// row:N4
TEST(Plan, DoesNotChangeWhenAnEventComesAgain) {
  PaperPlan plan = Plan();
  const auto id = base::Uuid::NewV7();
  plan.Take(VisitPlanned("2023-04-10"), At("2023-03-27 11:00"), id);
  EXPECT_TRUE(plan.Take(VisitPlanned("2023-04-11"), At("2023-03-26 11:00")).steps.empty());
  const auto again = plan.Take(VisitPlanned("2023-04-10"), At("2023-03-27 11:00"), id);
  for (const PlanStep& step : again.steps) {
    EXPECT_EQ(step.kind, PlanStep::Kind::kRefreshed);
  }
  EXPECT_EQ(plan.rows().size(), 2u);
}

TEST(Plan, CancelledBeforeItIsKnownIsPlannedAndCancelled) {
  PaperPlan plan = Plan();
  plan.Take(VisitCancelled("2023-04-10"), At("2023-03-28 11:00"));
  plan.Take(VisitPlanned("2023-04-10"), At("2023-03-27 11:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-07 CANCELLED");
  PaperPlan later = Plan();
  later.Take(VisitCancelled("2023-04-10"), At("2023-03-28 11:00"));
  later.Take(VisitPlanned("2023-04-10"), At("2023-03-29 11:00"));  // planned anew afterwards
  EXPECT_EQ(later.Tell("VISIT-D-3", kVisit), "2023-04-07 PENDING");
}

// row:N1
TEST(Rule, CreatedLaterDoesNotActOnOlderEvents) {
  PaperPlan plan(RulesInForce(At("2023-04-01 09:00")));
  plan.Take(VisitPlanned("2023-04-10"), At("2023-04-01 08:59"));
  EXPECT_TRUE(plan.rows().empty());
  plan.Take(VisitMoved("2023-04-10", "2023-04-20"), At("2023-04-02 09:00"));
  EXPECT_TRUE(plan.rows().empty());
}

// row:N1
TEST(Rule, ChangedLaterLeavesWhatIsPlannedToItsVersion) {
  auto rules = RulesInForce(kSetUp, {"VISIT-D-3"});
  Rule changed = rules[0];
  changed.version = 2;
  changed.created_at = At("2023-03-28 09:00");
  changed.terms.mutable_timing()->set_offset_days(-5);
  rules.push_back(changed);
  PaperPlan plan(rules);
  const std::string other = "018c0000-0000-7000-8000-0000000000a2";
  plan.Take(VisitPlanned("2023-04-10"), At("2023-03-27 11:00"));
  plan.Take(VisitPlanned("2023-04-10", other), At("2023-03-28 11:00"));
  plan.Take(VisitMoved("2023-04-10", "2023-04-20"), At("2023-03-29 11:00"));
  EXPECT_EQ(plan.Tell("VISIT-D-3", kVisit), "2023-04-17 PENDING");
  EXPECT_EQ(plan.Tell("VISIT-D-3", other), "2023-04-05 PENDING");
}

TEST(Plan, RefusesAnEventThatBreaksItsContract) {
  auto broken = VisitPlanned("2023-04-10");
  broken.mutable_visit()->set_visit_date("soon");
  const auto rules = RulesInForce(kSetUp);
  EXPECT_FALSE(
      DecidePlan(rules, {base::Uuid::NewV7(), At("2023-03-27 11:00"), "", &broken}, {}).ok());
}

}  // namespace
}  // namespace ieum::notify::testing
