// Goal: what is due in a case is in somebody's list, and what is overdue is told once. Method:
// tasks of each state, moved, held, told twice; a list over many rows. row:C3 row:C17
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "services/casemgmt/cases/case_dues.h"
#include "tests/integration/casemgmt/case_world.h"
#include "tests/support/list_plans.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class CaseTasks : public ::testing::Test {
 protected:
  void TellAll() {
    const flow::DueWork work = TellingOverdue(world_.ledger());
    for (int turn = 0; turn < 50; ++turn) {
      const auto more = work.step(*world_.clock().Now());
      ASSERT_TRUE(more.ok()) << more.status();
      if (!*more) return;
    }
  }
  int Told(const base::Uuid& id, const std::string& type) {
    int count = 0;
    for (const auto& told : world_.EventsOf(id)) count += told.type == type ? 1 : 0;
    return count;
  }
  std::string Open(const base::Uuid& id) {
    std::string all;
    for (const Task& task : cases_.Tasks(id)) {
      absl::StrAppend(&all, all.empty() ? "" : " ", task.kind, "@", base::FormatDay(task.due),
                      task.paused ? "p" : "");
    }
    return all;
  }

  World world_{"2024-03-04 10:00"};
  Cases cases_{world_};
};

TEST_F(CaseTasks, StandForWhatTheStateWaitsFor) {
  EXPECT_EQ(Open(cases_.CaseIn(v1::CASE_STATE_REFERRED)), "1@2024-03-07");
  EXPECT_EQ(Open(cases_.CaseIn(v1::CASE_STATE_INITIAL_CONSULT)), "2@2024-03-11");
  EXPECT_EQ(Open(cases_.CaseIn(v1::CASE_STATE_INTAKE)), "3@2024-03-14 5@2024-04-03");
  EXPECT_EQ(Open(cases_.CaseIn(v1::CASE_STATE_CONFERENCE)), "4@2024-03-09 5@2024-04-03");
  EXPECT_EQ(Open(cases_.CaseIn(v1::CASE_STATE_PLAN)), "5@2024-03-19");
  EXPECT_EQ(Open(cases_.CaseIn(v1::CASE_STATE_DELIVERY)), "6@2024-04-03 7@2024-06-04");
  EXPECT_EQ(Open(cases_.CaseIn(v1::CASE_STATE_REASSESSMENT)), "7@2024-03-14");
  EXPECT_EQ(Open(cases_.CaseIn(v1::CASE_STATE_CLOSED)), "");
  EXPECT_EQ(Open(cases_.CaseIn(v1::CASE_STATE_REJECTED)), "");
}

TEST_F(CaseTasks, StandStillWhileTheCaseIsHeld) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  cases_.Hold(id, "2024-03-20");
  EXPECT_EQ(Open(id), "3@2024-03-14p 9@2024-03-20 5@2024-04-03p");
  world_.SetClock("2024-03-18 10:00");
  TellAll();
  EXPECT_EQ(Told(id, "CaseTaskOverdue"), 0);
  IdOf(world_.Do([&](auto& work) { return ResumeCase(work, cases_.Of(id), Holidays()); }));
  EXPECT_EQ(Open(id), "3@2024-03-28 5@2024-04-17");
  EXPECT_EQ(Told(id, "CaseTaskPaused"), 2);
  EXPECT_EQ(Told(id, "CaseTaskDueMoved"), 2);
  // Each has a clock of its own run, by which who reminds reminds again.
  std::set<std::string> clocks;
  for (const auto& told : world_.EventsOf(id)) {
    if (told.type == "CaseTaskSet") clocks.insert(told.As<v1::CaseTaskSet>().task().clock_id());
  }
  EXPECT_EQ(clocks.size(), static_cast<size_t>(Told(id, "CaseTaskSet")));
  EXPECT_EQ(Told(id, "CaseTaskSet"), 1 + 1 + 2 + 1 + 2)
      << "contact, consult, two, the hold's, two again";
}

// Whoever holds a case does not hold a crisis: it is due, and told, from the day on which it was
// said.
TEST_F(CaseTasks, OfACrisisThatIsSaidInAHoldDoNotStand) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_DELIVERY);
  cases_.Hold(id, "2024-04-20");
  world_.SetClock("2024-03-11 10:00");
  cases_.Assess(id, v1::RISK_LEVEL_CRISIS);
  EXPECT_EQ(Open(id), "6@2024-03-18 9@2024-04-20 7@2024-06-04p");
  world_.SetClock("2024-03-19 10:00");
  TellAll();
  EXPECT_EQ(Told(id, "CaseTaskOverdue"), 1);
  world_.SetClock("2024-03-21 10:00");
  IdOf(world_.Do([&](auto& work) { return ResumeCase(work, cases_.Of(id), Holidays()); }));
  EXPECT_EQ(Open(id), "6@2024-03-18 7@2024-06-21");
  TellAll();
  EXPECT_EQ(Told(id, "CaseTaskOverdue"), 1);
}

TEST_F(CaseTasks, OfEveryStateAreToldWhenTheirDayIsOver) {
  std::vector<base::Uuid> ids;
  for (int state = v1::CASE_STATE_REFERRED; state <= v1::CASE_STATE_REASSESSMENT; ++state) {
    ids.push_back(cases_.CaseIn(static_cast<v1::CaseState>(state)));
  }
  const auto kinds = [&](const base::Uuid& id) {
    std::string told;
    for (const auto& each : world_.EventsOf(id)) {
      if (each.type != "CaseTaskOverdue") continue;
      absl::StrAppend(&told, each.As<v1::CaseTaskOverdue>().task().kind());
    }
    return told;
  };
  world_.SetClock("2024-06-05 10:00");
  TellAll();
  TellAll();
  std::vector<std::string> told;
  for (const base::Uuid& id : ids) told.push_back(kinds(id));
  EXPECT_THAT(told, ::testing::ElementsAre("1", "2", "35", "35", "45", "45", "5", "67", "67", "7"));
}

TEST_F(CaseTasks, AreToldOnceWhenTheirDayIsOver) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_REFERRED);
  world_.SetClock("2024-03-07 23:59");
  TellAll();
  EXPECT_EQ(Told(id, "CaseTaskOverdue"), 0);  // its last day is not over
  world_.SetClock("2024-03-08 00:00");
  TellAll();
  TellAll();
  EXPECT_EQ(Told(id, "CaseTaskOverdue"), 1);
  // Told, killed before the answer was written down anywhere else, and told again: nothing more.
  IdOf(world_.Do([&](auto& work) {
    return TellOverdue(work, TaskId(id, "step/1"), CivilDayOf("2024-03-07"));
  }));
  EXPECT_EQ(Told(id, "CaseTaskOverdue"), 1);
  world_.SetClock("2024-06-01 10:00");
  TellAll();
  EXPECT_EQ(Told(id, "CaseTaskOverdue"), 1);
}

TEST_F(CaseTasks, MovedToAnotherDayAreToldAgain) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_DELIVERY);
  world_.SetClock("2024-04-10 10:00");
  TellAll();
  EXPECT_EQ(Told(id, "CaseTaskOverdue"), 1);
  IdOf(world_.Do([&](auto& work) { return MonitorCase(work, cases_.keys(), cases_.Of(id), ""); }));
  EXPECT_EQ(Open(id), "6@2024-05-10 7@2024-06-04");
  world_.SetClock("2024-05-11 10:00");
  TellAll();
  EXPECT_EQ(Told(id, "CaseTaskOverdue"), 2);
}

// What somebody else sees to is his, whoever manages the case.
TEST_F(CaseTasks, OfSomebodyElseStayHisWhenTheManagerChanges) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_DELIVERY);
  const base::Uuid subject = base::Uuid::NewV7(), other = base::Uuid::NewV7();
  IdOf(world_.Do([&](auto& work) -> absl::StatusOr<ledger::Done> {
    work.Lock({id});
    const auto c = LoadCase(work, cases_.Of(id));
    Task task = TaskOf(*c, v1::CASE_TASK_KIND_PLAN_ACTION, "action", CivilDayOf("2024-04-01"));
    task.owner_subject = other;
    PutTask(work, task);
    return DoneWith(*c);
  }));
  IdOf(world_.Do([&](auto& work) {
    return ReassignCase(work, cases_.Of(id), {.subject = subject, .manager = base::Uuid::NewV7()});
  }));
  for (const Task& task : cases_.Tasks(id)) {
    const bool action = task.kind == v1::CASE_TASK_KIND_PLAN_ACTION;
    EXPECT_EQ(task.owner_subject, action ? other : subject);
  }
}

TEST_F(CaseTasks, GoWithTheCaseToWhoManagesIt) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  const base::Uuid subject = base::Uuid::NewV7(), person = base::Uuid::NewV7();
  IdOf(world_.Do([&](auto& work) {
    return ReassignCase(work, cases_.Of(id), {.subject = subject, .manager = person});
  }));
  for (const Task& task : cases_.Tasks(id)) {
    EXPECT_EQ(task.owner_subject, subject);
    EXPECT_EQ(task.owner, person);
    EXPECT_EQ(task.supervisor, cases_.supervisor.person);
  }
  EXPECT_EQ(Told(id, "CaseTaskReassigned"), 2);
}

// A manager's list over 100,000 open cases: found in its index, in the order of its days.
TEST_F(CaseTasks, AreFoundAmongManyByTheirIndex) {
  world_.Ask(
      "WITH made AS (INSERT INTO case_task (id, kind, aggregate, aggregate_kind, subject, "
      "due_date, "
      "owner_subject, centre_id, state, paused, created_at, updated_at) "
      "SELECT gen_random_uuid(), 3, gen_random_uuid(), 'case', 'x', "
      "  date '2024-01-01' + (n % 300)::int, "
      "  ('00000000-0000-4000-8000-' || lpad((n % 500)::text, 12, '0'))::uuid, "
      "  ('00000000-0000-4000-9000-' || lpad((n % 10)::text, 12, '0'))::uuid, "
      "  1, false, now(), now() FROM generate_series(1, 100000) n RETURNING 1) "
      "SELECT count(*) FROM made");
  world_.Ask("ANALYZE case_task");
  const auto subject = *base::Uuid::Parse("00000000-0000-4000-8000-000000000007");
  const std::string centre = "00000000-0000-4000-9000-000000000007";
  const auto list = [&](const Reach& reach, bool mine) {
    auto query = ieum::testing::FirstPage(TaskList(), base::Scope::Everywhere());
    WhereTasks(query, reach, mine, false);
    return query;
  };
  const Reach own = {.own_in = base::Scope::Of({centre}), .subject = subject};
  EXPECT_THAT(ieum::testing::PlanOf(world_.database(), list(own, false)),
              HasSubstr("case_task_owner"));
  const Reach team = {
      .team = base::Scope::Of({centre}), .own_in = base::Scope::Of({centre}), .subject = subject};
  EXPECT_THAT(ieum::testing::PlanOf(world_.database(), list(team, false)),
              AllOf(HasSubstr("case_task_centre"), Not(HasSubstr("Sort"))));
  // The two hundred of one manager, or the first of ten thousand of a centre; the table has more
  // pages by far.
  ASSERT_GT(std::stoi(world_.Ask("SELECT relpages FROM pg_class WHERE relname = 'case_task'")),
            1000);
  for (const auto& query :
       {list(own, false), list(team, false), list(team, true), list(Reach::Everything(), false)}) {
    EXPECT_LT(ieum::testing::PagesOf(world_.database(), query), 250);
  }
}

}  // namespace
}  // namespace ieum::casemgmt::testing
