// Goal: a plan goes from its draft to the client's signature as the contract says, nobody decides
// about what she wrote herself, and the day by law is the right one. Method: every state with every
// step, tables of days. row:C4 row:C5 law:L41
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/conferences/conference.h"
#include "services/casemgmt/plans/plan.h"

namespace ieum::casemgmt {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::CivilDay Day(const std::string& text) { return *base::ParseDay(text, "day"); }

constexpr PlanStep kSteps[] = {PlanStep::kChange, PlanStep::kSubmit, PlanStep::kApprove,
                               PlanStep::kReturn, PlanStep::kSign,   PlanStep::kRecord};

// '-' = refused; else the first letter of the state that it leads to, in the order of kSteps.
struct Row {
  v1::CasePlanState state;
  const char* leads;
};
constexpr Row kTable[] = {
    {v1::CASE_PLAN_STATE_DRAFT, "DS----"},    {v1::CASE_PLAN_STATE_SUBMITTED, "--AR--"},
    {v1::CASE_PLAN_STATE_RETURNED, "D-----"}, {v1::CASE_PLAN_STATE_APPROVED, "---RS-"},
    {v1::CASE_PLAN_STATE_SIGNED, "-----S"},   {v1::CASE_PLAN_STATE_SUPERSEDED, "------"},
};

TEST(CasePlan, TakesEveryStepOrRefusesItAsTheTableSays) {
  for (const Row& row : kTable) {
    CasePlan plan;
    plan.state = row.state;
    for (size_t at = 0; at < std::size(kSteps); ++at) {
      const auto next = NextState(plan, kSteps[at]);
      const std::string what = v1::CasePlanState_Name(row.state) + " " + std::to_string(at);
      if (row.leads[at] == '-') {
        EXPECT_EQ(base::ReasonOf(next.status()), "PLAN_STATE") << what;
        EXPECT_THAT(std::string(next.status().message()), HasSubstr("while it is ")) << what;
      } else {
        ASSERT_TRUE(next.ok()) << what;
        EXPECT_EQ(v1::CasePlanState_Name(*next).substr(sizeof("CASE_PLAN_STATE_") - 1, 1),
                  std::string(1, row.leads[at]))
            << what;
      }
    }
  }
}

CasePlan Whole() {
  CasePlan plan;
  plan.goals = {{.factor = "RF02", .text = "care for the child"}};
  plan.actions = {
      {.goal_number = 1, .service = v1::PLAN_SERVICE_KIND_CARE_LINK, .due = Day("2024-10-01")}};
  return plan;
}

TEST(CasePlan, IsHandedInWithAGoalAndAnAction) {
  EXPECT_TRUE(CheckComplete(Whole()).ok());
  CasePlan plan = Whole();
  plan.actions.clear();
  EXPECT_EQ(base::ReasonOf(CheckComplete(plan)), "PLAN_INCOMPLETE");
  EXPECT_THAT(std::string(CheckComplete(plan).message()), HasSubstr("no action"));
  plan = Whole();
  plan.goals.clear();
  EXPECT_THAT(std::string(CheckComplete(plan).message()), HasSubstr("no goal"));
}

TEST(CasePlan, HasNoActionOfAGoalThatIsNotThere) {
  CasePlan plan = Whole();
  EXPECT_TRUE(CheckParts(plan).ok());
  plan.actions[0].goal_number = 2;
  const absl::Status refused = CheckParts(plan);
  EXPECT_EQ(base::ReasonOf(refused), "PLAN_PART_INVALID");
  EXPECT_THAT(base::FieldsOf(refused), ElementsAre("case_plan.actions"));
  plan.actions[0].goal_number = 0;
  EXPECT_TRUE(CheckParts(plan).ok()) << "an action need not serve a goal";
  EXPECT_EQ(base::ReasonOf(CheckNumber(2, 1, "actions")), "PLAN_PART_INVALID");
  EXPECT_EQ(base::ReasonOf(CheckNumber(0, 1, "actions")), "PLAN_PART_INVALID");
  EXPECT_TRUE(CheckNumber(1, 1, "actions").ok());
}

TEST(CasePlan, IsDecidedAboutByNobodyWhoWroteInIt) {
  const Staff first{base::Uuid::NewV7(), base::Uuid::NewV7()};
  const Staff second{base::Uuid::NewV7(), std::nullopt};
  const Staff supervisor{base::Uuid::NewV7(), base::Uuid::NewV7()};
  CasePlan plan = Whole();
  plan.state = v1::CASE_PLAN_STATE_SUBMITTED;
  plan.writers = {first, second};
  const Staff second_account{base::Uuid::NewV7(), first.person};
  for (const Staff& writer : {first, second, second_account}) {
    for (const PlanStep step : {PlanStep::kApprove, PlanStep::kReturn}) {
      EXPECT_EQ(base::ReasonOf(Decide(&plan, step, writer, Day("2024-09-02"))),
                "APPROVER_IS_AUTHOR");
      EXPECT_EQ(plan.state, v1::CASE_PLAN_STATE_SUBMITTED);
    }
  }
  EXPECT_TRUE(Decide(&plan, PlanStep::kApprove, supervisor, Day("2024-09-02")).ok());
  EXPECT_EQ(plan.state, v1::CASE_PLAN_STATE_APPROVED);
  EXPECT_EQ(plan.decider, supervisor.subject);
}

// Public holidays around Chuseok and the turn of the year.
base::BusinessCalendar Holidays() {
  std::vector<absl::CivilDay> days;
  for (const char* day : {"2024-01-01", "2024-02-09", "2024-02-12", "2024-03-01", "2024-05-06",
                          "2024-08-15", "2024-09-16", "2024-09-17", "2024-09-18", "2024-10-03",
                          "2024-12-25", "2025-01-01", "2025-01-28", "2025-01-29"}) {
    days.push_back(Day(day));
  }
  return base::BusinessCalendar(days);
}

std::string DueOf(const std::string& intake, int held_days = 0, bool urgent = false) {
  Case c;
  c.intake_day = Day(intake);
  c.held_days = held_days;
  c.urgent = urgent;
  const auto due = LegalPlanDue(c, Holidays());
  return due ? base::FormatDay(*due) : "";
}

// law:L41
TEST(LegalPlanDue, IsThirtyDaysFromTheIntakeOnABusinessDay) {
  EXPECT_EQ(DueOf("2024-08-19"), "2024-09-19") << "the 30th day is Chuseok's last holiday";
  EXPECT_EQ(DueOf("2024-03-04"), "2024-04-03") << "a Wednesday stays";
  EXPECT_EQ(DueOf("2024-03-14"), "2024-04-15") << "a Saturday is the Monday after";
  EXPECT_EQ(DueOf("2024-12-02"), "2025-01-02") << "New Year's Day is the day after";
}

TEST(LegalPlanDue, IsLaterByTheDaysForWhichTheClockStood) {
  EXPECT_EQ(DueOf("2024-03-04", 10), "2024-04-15") << "04-13 is a Saturday";
  EXPECT_EQ(DueOf("2024-03-04", 60), "2024-06-03") << "06-02 is a Sunday";
}

TEST(LegalPlanDue, DoesNotComeEarlierForAnUrgentService) {
  EXPECT_EQ(DueOf("2024-08-19", 0, true), "2024-09-19");
}

TEST(LegalPlanDue, IsNotGuessedWithoutHolidays) { EXPECT_EQ(DueOf("2026-03-04"), ""); }

TEST(Conference, TakesTheStepsOfItsState) {
  struct StateRow {
    v1::ConferenceState state;
    std::vector<ConferenceStep> allowed;
  };
  const std::vector<ConferenceStep> all = {ConferenceStep::kReschedule, ConferenceStep::kSeat,
                                           ConferenceStep::kAdd,        ConferenceStep::kHold,
                                           ConferenceStep::kCancel,     ConferenceStep::kDecide};
  const StateRow rows[] = {
      {v1::CONFERENCE_STATE_PLANNED,
       {ConferenceStep::kReschedule, ConferenceStep::kSeat, ConferenceStep::kAdd,
        ConferenceStep::kHold, ConferenceStep::kCancel}},
      {v1::CONFERENCE_STATE_HELD, {ConferenceStep::kSeat, ConferenceStep::kDecide}},
      {v1::CONFERENCE_STATE_CANCELLED, {}}};
  for (const StateRow& row : rows) {
    Conference conference;
    conference.state = row.state;
    for (const ConferenceStep step : all) {
      const bool allowed =
          std::find(row.allowed.begin(), row.allowed.end(), step) != row.allowed.end();
      EXPECT_EQ(base::ReasonOf(CheckStep(conference, step)), allowed ? "" : "CONFERENCE_STATE")
          << v1::ConferenceState_Name(row.state) << " " << static_cast<int>(step);
    }
  }
}

TEST(Conference, SeatsEachMemberOnce) {
  const base::Uuid one = base::Uuid::NewV7(), other = base::Uuid::NewV7();
  EXPECT_THAT(*SeatsOf({other, one}), ElementsAre(std::min(one, other), std::max(one, other)));
  const auto twice = SeatsOf({one, other, one});
  EXPECT_EQ(base::ReasonOf(twice.status()), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(twice.status()), ElementsAre("conference.members"));
}

TEST(AgendaItem, IsDecidedOnce) {
  AgendaItem item;
  EXPECT_TRUE(CheckPending(item).ok());
  for (const auto state : {v1::AGENDA_ITEM_STATE_DECIDED, v1::AGENDA_ITEM_STATE_WITHDRAWN}) {
    item.state = state;
    EXPECT_EQ(base::ReasonOf(CheckPending(item)), "AGENDA_ITEM_STATE");
  }
}

}  // namespace
}  // namespace ieum::casemgmt
