// Goal: a hold moves what is due by the days on which the clock of its case stood, each of them
// once, however late it is recorded. Method: worked days of holds over holidays, in a row, before
// and behind what was done, and periods that are held in any pieces. row:C3
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "platform/base/status.h"
#include "tests/unit/casemgmt/case_days.h"

namespace ieum::casemgmt::testing {
namespace {

using Step = CaseStep;

constexpr auto kReferred = v1::CASE_STATE_REFERRED;
constexpr auto kIntake = v1::CASE_STATE_INTAKE;
constexpr auto kAssessment = v1::CASE_STATE_ASSESSMENT;
constexpr auto kPlan = v1::CASE_STATE_PLAN;
constexpr auto kMonitoring = v1::CASE_STATE_MONITORING;

// A case that stands in that state and is held from that day on.
Case Held(v1::CaseState state, const std::string& from) {
  Case c = Standing(state);
  c.on_hold = true;
  c.hold = CaseHold{.from = Day(from), .until = Day(from) + 59};
  return c;
}

TEST(CaseDueDays, MoveByTheDaysOfAHoldAndTheLegalOneToABusinessDay) {
  Case c = Held(kPlan, "2024-08-14");
  c.intake_day = Day("2024-08-11");
  c.due_day = Day("2024-08-20");
  c.plan_due_day = Day("2024-09-10");
  Case unknown = c;
  ASSERT_TRUE(EndHold(c, 6, Holidays2024()));
  EXPECT_EQ(c.due_day, Day("2024-08-26"));
  EXPECT_EQ(c.plan_due_day, Day("2024-09-19"));
  EXPECT_EQ(c.held_days, 6);
  EXPECT_FALSE(c.on_hold);
  EXPECT_FALSE(EndHold(unknown, 2000, Holidays2024()));
  EXPECT_TRUE(unknown.on_hold) << "nothing is half done";
}

// 30 days from 19 August end in Chuseok, so the law gives until the 19th. A day that was held makes
// 31, which end on the 19th as well.
TEST(CaseDueDays, OfAHeldCaseAreThoseOfALongerPeriodAndNotOfARoundedDay) {
  Case c = Held(kAssessment, "2024-08-26");
  c.intake_day = Day("2024-08-19");
  c.plan_due_day = PlanDue(c.pace, *c.intake_day, 0, Holidays2024());
  EXPECT_EQ(c.plan_due_day, Day("2024-09-19"));
  ASSERT_TRUE(EndHold(c, 1, Holidays2024()));
  EXPECT_EQ(c.plan_due_day, Day("2024-09-19"));
}

TEST(CaseDueDays, AreTheSameHoweverManyHoldsTheDaysWereHeldIn) {
  EXPECT_TRUE(rc::check([] {
    const auto days = *rc::gen::container<std::vector<int>>(5, rc::gen::inRange(1, 12));
    const absl::CivilDay intake = Day("2024-03-04") + *rc::gen::inRange(0, 200);
    Case c = Standing(kAssessment);
    c.intake_day = intake;
    c.plan_due_day = PlanDue(c.pace, intake, 0, Holidays2024());
    absl::CivilDay from = intake;
    int sum = 0;
    for (const int each : days) {
      c.on_hold = true;
      c.hold = CaseHold{.from = from, .until = from + 59};
      RC_ASSERT(CheckNotHeldBefore(c, from, "hold_date").ok());
      RC_ASSERT(EndHold(c, DaysHeld(*c.hold, from + each), Holidays2024()));
      RC_ASSERT(!CheckNotHeldBefore(c, from + each - 1, "hold_date").ok());
      from += each;
      sum += each;
    }
    RC_ASSERT(c.held_days == sum);
    RC_ASSERT(c.plan_due_day == PlanDue(c.pace, intake, sum, Holidays2024()));
  }));
}

TEST(CaseDueDays, OfACrisisThatIsDeclaredInAHoldDoNotWaitForItsEnd) {
  Case c = Held(kMonitoring, "2024-03-06");
  c.risk_level = v1::RISK_LEVEL_LOW;
  c.due_day = Day("2024-03-20");
  SetRisk(c, v1::RISK_LEVEL_CRISIS, "RF08", Day("2024-03-11"));
  EXPECT_EQ(c.due_day, Day("2024-03-18"));
  ASSERT_TRUE(EndHold(c, 10, Holidays2024()));
  EXPECT_EQ(c.due_day, Day("2024-03-18"));
  // What was due before that all the same is due as much later as it stood, at most then.
  c = Held(kMonitoring, "2024-03-06");
  c.risk_level = v1::RISK_LEVEL_LOW;
  c.due_day = Day("2024-03-07");
  SetRisk(c, v1::RISK_LEVEL_CRISIS, "RF08", Day("2024-03-11"));
  ASSERT_TRUE(EndHold(c, 10, Holidays2024()));
  EXPECT_EQ(c.due_day, Day("2024-03-17"));
}

// The first contact is due in business days: of a hold over Chuseok (Monday to Wednesday) and the
// weekend before it one day counts, or the holidays would be left out twice. Everything else is
// due in days of the calendar.
TEST(CaseDueDays, OfAHoldOverHolidaysCountThemOnce) {
  struct Row {
    const char *opened, *from, *resumed, *due;
  };
  for (const Row& row : std::vector<Row>{
           {"2024-09-12", "2024-09-13", "2024-09-19", "2024-09-23"},  // the Friday alone
           {"2024-09-12", "2024-09-14", "2024-09-19", "2024-09-20"},  // not one of them counts
           {"2024-09-12", "2024-09-13", "2024-09-20", "2024-09-24"},
           {"2024-09-12", "2024-09-20", "2024-09-23", "2024-09-23"},  // over a weekend
           {"2024-03-04", "2024-03-05", "2024-03-05", "2024-03-07"}}) {
    Case c = Held(kReferred, row.from);
    c.risk_level = v1::RISK_LEVEL_LOW;
    c.due_day = ContactDue({}, c.risk_level, Day(row.opened), Holidays2024());
    ASSERT_TRUE(EndHold(c, DaysHeld(*c.hold, Day(row.resumed)), Holidays2024()));
    EXPECT_EQ(c.due_day, Day(row.due)) << row.from << " to " << row.resumed;
  }
  Case crisis = Held(kReferred, "2024-09-13");
  crisis.due_day = Day("2024-09-13");
  ASSERT_TRUE(EndHold(crisis, 6, Holidays2024()));
  EXPECT_EQ(crisis.due_day, Day("2024-09-19"));
  Case monitored = Held(kMonitoring, "2024-09-13");
  monitored.due_day = Day("2024-09-20");
  ASSERT_TRUE(EndHold(monitored, 6, Holidays2024()));
  EXPECT_EQ(monitored.due_day, Day("2024-09-26"));
  // Where nobody knows the holidays nothing is half done.
  Case unknown = Held(kReferred, "2030-03-05");
  unknown.risk_level = v1::RISK_LEVEL_LOW;
  unknown.due_day = Day("2030-03-07");
  EXPECT_FALSE(EndHold(unknown, 3, Holidays2024()));
  EXPECT_TRUE(unknown.on_hold);
}

// What was looked after at a day is due from that day on: a hold that began before it would move it
// by days on which its clock did not stand.
TEST(CaseDueDays, AHoldDoesNotBeginBeforeWhatWasDone) {
  const auto reason = [](const Case& c, const char* from, const char* session = "") {
    const auto last = *session == 0 ? std::nullopt : std::optional(Day(session));
    return base::ReasonOf(CheckNothingDoneSince(c, last, Day(from), "hold_date"));
  };
  EXPECT_EQ(reason(Standing(kMonitoring), "2024-03-04"), "");
  EXPECT_EQ(reason(Standing(kMonitoring), "2024-03-04", "2024-03-05"), "HOLD_BEFORE_ACT");
  EXPECT_EQ(reason(Standing(kMonitoring), "2024-03-05", "2024-03-05"), "");
  for (const auto& [state, step] : std::vector<std::pair<v1::CaseState, Step>>{
           {kMonitoring, Step::kMonitor},
           {kMonitoring, Step::kChangeRisk},
           {kMonitoring, Step::kRefer},
           {kIntake, Step::kUrgentService},
           {v1::CASE_STATE_REASSESSMENT, Step::kApproveAssessment}}) {
    Case c = Standing(state);
    ASSERT_TRUE(Advance(c, step, Day("2024-03-10")).ok());
    ASSERT_TRUE(Advance(c, step, Day("2024-03-06")).ok()) << "recorded late";
    EXPECT_EQ(reason(c, "2024-03-09"), "HOLD_BEFORE_ACT") << static_cast<int>(step);
    EXPECT_EQ(reason(c, "2024-03-10"), "") << static_cast<int>(step);
    EXPECT_EQ(reason(c, "2024-03-10", "2024-03-12"), "HOLD_BEFORE_ACT");
  }
}

// Recorded behind a hold of a day before or in it: due as much later as the clock stood since.
TEST(CaseDueDays, OfADayBeforeAHoldThatIsOverWaitedWithIt) {
  Case c = Held(kMonitoring, "2024-03-10");
  c.risk_level = v1::RISK_LEVEL_LOW;
  c.due_day = Day("2024-03-30");
  ASSERT_TRUE(EndHold(c, 10, Holidays2024()));
  struct Row {
    const char *day, *due;
  };
  for (const Row& row : std::vector<Row>{{"2024-03-06", "2024-04-15"},  // 30 days and 10
                                         {"2024-03-15", "2024-04-19"},  // 30 and the 5 left of it
                                         {"2024-03-20", "2024-04-19"}}) {  // behind it
    Case each = c;
    ASSERT_TRUE(Advance(each, Step::kMonitor, Day(row.day)).ok());
    EXPECT_EQ(each.due_day, Day(row.due)) << row.day;
  }
  // Holds that follow each other are one.
  c.on_hold = true;
  c.hold = CaseHold{.from = Day("2024-03-20"), .until = Day("2024-03-30")};
  ASSERT_TRUE(EndHold(c, 3, Holidays2024()));
  EXPECT_EQ(HeldSince(c, Day("2024-03-04")), 13);
  EXPECT_EQ(HeldSince(c, Day("2024-03-21")), 2);
  EXPECT_EQ(HeldSince(c, Day("2024-03-23")), 0);
  // A program of before wrote down only when a hold ended.
  Case older = Held(kMonitoring, "2024-03-10");
  older.hold_ended = Day("2024-03-10");
  older.due_day = Day("2024-03-30");
  ASSERT_TRUE(EndHold(older, 4, Holidays2024()));
  EXPECT_EQ(HeldSince(older, Day("2024-03-06")), 4);
}

// An assessment is due so many days after the intake, whether it has begun or not.
TEST(CaseDueDays, OfAnAssessmentThatBeginsBehindAHoldKeepTheHeldDays) {
  Case c = Standing(v1::CASE_STATE_INITIAL_CONSULT);
  ASSERT_TRUE(Advance(c, Step::kTakeIn, Day("2024-03-06")).ok());
  EXPECT_EQ(c.due_day, Day("2024-03-16"));
  c.on_hold = true;
  c.hold = CaseHold{.from = Day("2024-03-07"), .until = Day("2024-03-30")};
  ASSERT_TRUE(EndHold(c, 5, Holidays2024()));
  EXPECT_EQ(c.due_day, Day("2024-03-21"));
  ASSERT_TRUE(Advance(c, Step::kBeginAssessment, Day("2024-03-14")).ok());
  EXPECT_EQ(c.due_day, Day("2024-03-21"));
}

// The legal period of an intake that is recorded late begins on its day, and stood with the hold.
TEST(CaseDueDays, OfAnIntakeRecordedBehindAHoldWaitedWithIt) {
  Case c = Held(v1::CASE_STATE_INITIAL_CONSULT, "2024-03-10");
  c.due_day = Day("2024-03-12");
  ASSERT_TRUE(EndHold(c, 10, Holidays2024()));
  Case behind = c;
  ASSERT_TRUE(Advance(c, Step::kTakeIn, Day("2024-03-08")).ok());
  EXPECT_EQ(c.held_days, 10);
  ASSERT_TRUE(Advance(behind, Step::kTakeIn, Day("2024-03-20")).ok());
  EXPECT_EQ(behind.held_days, 0) << "what was held before is not of it";
}

TEST(CaseDueDays, NoDayIsHeldTwice) {
  Case c = Held(kPlan, "2024-03-06");
  ASSERT_TRUE(EndHold(c, DaysHeld(*c.hold, Day("2024-03-10")), Holidays2024()));
  EXPECT_EQ(base::ReasonOf(CheckNotHeldBefore(c, Day("2024-03-09"), "hold_date")), "HOLD_OVERLAPS");
  EXPECT_TRUE(CheckNotHeldBefore(c, Day("2024-03-10"), "hold_date").ok());
}

}  // namespace
}  // namespace ieum::casemgmt::testing
