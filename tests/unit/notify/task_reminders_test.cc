// Goal: who is to do something is reminded three days before its last day and after it, and once
// more when a hold has moved that day, never twice of one. Method: events as casemgmt tells them of
// one task, through the rules of scenarios/inc-2024 on paper. row:C3 row:C17
#include <gtest/gtest.h>

#include "tests/unit/notify/paper_plan.h"
#include "tests/unit/notify/scenario_rules.h"

namespace ieum::notify::testing {
namespace {

constexpr char kTask[] = "018c0000-0000-7000-8000-0000000000d1";
constexpr char kNextRun[] = "018c0000-0000-7000-8000-0000000000d2";

std::vector<Rule> TaskRules() {
  std::vector<Rule> rules;
  for (const auto& [code, terms] : ScenarioRules(kIncheon)) {
    if (code == "TASK-D-3" || code == "TASK-OVERDUE") {
      rules.push_back({code, 1, terms, At("2024-01-02 08:00")});
    }
  }
  return rules;
}

// Of a plan that is due on that day, in that run of its clock.
template <class Event>
Event Of(const std::string& due, const std::string& run) {
  Event event;
  event.mutable_task()->set_task_id(kTask);
  event.mutable_task()->set_clock_id(run);
  event.mutable_task()->set_kind(casemgmt::v1::CASE_TASK_KIND_PLAN);
  event.mutable_task()->set_due_date(due);
  event.mutable_task()->set_owner_person_id(kConsultant);
  event.mutable_task()->set_supervisor_person_id(kContact);
  return event;
}

void Resume(PaperPlan* plan, const std::string& from, const std::string& due,
            const std::string& at) {
  plan->Take(Of<casemgmt::v1::CaseTaskSet>(due, kNextRun), At(at));
  auto moved = Of<casemgmt::v1::CaseTaskDueMoved>(due, kNextRun);
  moved.set_previous_due_date(from);
  plan->Take(moved, At(at));
}

TEST(TaskReminders, ComeBackOnceAfterAHold) {
  PaperPlan plan(TaskRules());
  plan.Take(Of<casemgmt::v1::CaseTaskSet>("2024-04-03", kTask), At("2024-03-04 10:00"));
  EXPECT_EQ(plan.Tell("TASK-D-3", kTask), "2024-03-31 PENDING");
  plan.Take(Of<casemgmt::v1::CaseTaskPaused>("2024-04-03", kTask), At("2024-03-20 10:00"));
  plan.SetClock(At("2024-04-05 09:00"));
  EXPECT_EQ(plan.Tell("TASK-D-3", kTask), "2024-03-31 CANCELLED") << "on hold nothing is due";
  Resume(&plan, "2024-04-03", "2024-04-22", "2024-04-08 10:00");
  EXPECT_EQ(plan.Tell("TASK-D-3", kNextRun), "2024-04-19 PENDING");
  plan.SetClock(At("2024-04-23 00:00"));
  plan.Take(Of<casemgmt::v1::CaseTaskOverdue>("2024-04-22", kNextRun), At("2024-04-23 00:00"));
  plan.SetClock(At("2024-04-23 09:00"));
  EXPECT_EQ(plan.Tell("TASK-D-3", kNextRun), "2024-04-19 RELEASED");
  EXPECT_EQ(plan.Tell("TASK-OVERDUE", kNextRun), "2024-04-23 RELEASED");
  EXPECT_EQ(plan.reminder_messages(), 1 + 2) << "who does it; and later the supervisor, too";
}

// Both managers and both supervisors hear at once that another case of hers is open, each once.
TEST(TaskReminders, TellWhoeverHelpsAPersonThatSheHasTwoCases) {
  std::vector<Rule> rules;
  for (const auto& [code, terms] : ScenarioRules(kIncheon)) {
    if (code == "SAME-PERSON") rules.push_back({code, 1, terms, At("2024-01-02 08:00")});
  }
  PaperPlan plan(rules);
  plan.SetClock(At("2024-03-20 10:00"));
  for (const char* run : {kTask, kNextRun}) {
    auto set = Of<casemgmt::v1::CaseTaskSet>("2024-03-27", run);
    plan.Take(set, At("2024-03-20 10:00"));
    EXPECT_EQ(plan.Tell("SAME-PERSON", run), "") << "a plan is none";
    set.mutable_task()->set_kind(casemgmt::v1::CASE_TASK_KIND_SAME_PERSON);
    plan.Take(set, At("2024-03-20 10:00"));
  }
  plan.SetClock(At("2024-03-20 10:01"));
  EXPECT_EQ(plan.Tell("SAME-PERSON", kTask), "2024-03-20 RELEASED");
  EXPECT_EQ(plan.Tell("SAME-PERSON", kNextRun), "2024-03-20 RELEASED");
  EXPECT_EQ(plan.reminder_messages(), 4);
}

TEST(TaskReminders, OfADayThatIsOverAreNotSentOnceItIsHeld) {
  PaperPlan plan(TaskRules());
  plan.Take(Of<casemgmt::v1::CaseTaskSet>("2024-04-03", kTask), At("2024-03-04 10:00"));
  plan.SetClock(At("2024-04-01 09:00"));
  plan.Take(Of<casemgmt::v1::CaseTaskOverdue>("2024-04-03", kTask), At("2024-04-04 00:00"));
  plan.Take(Of<casemgmt::v1::CaseTaskPaused>("2024-04-03", kTask), At("2024-04-04 08:00"));
  plan.SetClock(At("2024-04-04 09:00"));
  EXPECT_EQ(plan.Tell("TASK-OVERDUE", kTask), "2024-04-04 CANCELLED");
  Resume(&plan, "2024-04-03", "2024-04-24", "2024-04-15 10:00");
  EXPECT_EQ(plan.Tell("TASK-D-3", kTask), "2024-03-31 RELEASED");
  EXPECT_EQ(plan.Tell("TASK-D-3", kNextRun), "2024-04-21 PENDING") << "again for the new day";
}

}  // namespace
}  // namespace ieum::notify::testing
