// Goal: a plan is written by one and approved by another, signed by the client within the time that
// the law gives, and carried out as tasks; the versions before it stay. Method: the use cases over
// a real database. row:C4 row:C5 law:L41
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "tests/integration/casemgmt/plan_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CasePlanCommands : public ::testing::Test {
 protected:
  // Open actions of plans, as their last days in order.
  std::vector<std::string> ActionDays(const base::Uuid& id) {
    std::vector<std::string> days;
    for (const Task& task : cases_.Tasks(id)) {
      if (task.kind == v1::CASE_TASK_KIND_PLAN_ACTION) days.push_back(base::FormatDay(task.due));
    }
    std::sort(days.begin(), days.end());
    return days;
  }
  base::Uuid Submitted(const base::Uuid& id) {
    const base::Uuid plan = plans_.Drafted(id, {"2024-04-01"});
    plans_.Submit(id, plan);
    return plan;
  }
  absl::StatusOr<ledger::Answer> Return(const CasePlanInput& input) {
    return world_.Do(
        [&](auto& work) { return ReturnPlan(work, cases_.keys(), input, "name the nursery"); });
  }
  absl::StatusOr<ledger::Answer> Change(const CasePlanInput& input,
                                        const std::optional<std::vector<PlanGoal>>& goals,
                                        const std::optional<std::vector<PlanAction>>& actions) {
    return world_.Do(
        [&](auto& work) { return ChangePlan(work, cases_.keys(), input, goals, actions); });
  }
  absl::StatusOr<ledger::Answer> Result(const CasePlanInput& input, int number,
                                        v1::PlanActionResult result) {
    return world_.Do([&](auto& work) {
      return RecordResult(work, cases_.keys(), input,
                          {.number = number, .result = result, .text = "she has a place"});
    });
  }
  // Taken in on that day, and brought to its plan on the same.
  base::Uuid TakenIn(const std::string& day) {
    world_.SetClock(day + " 09:00");
    return plans_.ToPlan();
  }
  // Everything but the signature on the clock's day; signed at nine on `day`.
  v1::CasePlanSigned SignedOn(const base::Uuid& id, const std::string& day) {
    const base::Uuid plan = Submitted(id);
    IdOf(plans_.TryApprovePlan(plans_.Of(id, plan, cases_.supervisor)));
    world_.SetClock(day + " 09:00");
    IdOf(plans_.TrySign(plans_.Of(id, plan, cases_.manager)));
    for (const Told& told : world_.EventsOf(id)) {
      if (told.type == "CasePlanSigned") return told.As<v1::CasePlanSigned>();
    }
    ADD_FAILURE() << "nobody told";
    return v1::CasePlanSigned();
  }

  World world_{"2024-03-05 10:00"};
  Cases cases_{world_};
  Plans plans_{cases_};
};

TEST_F(CasePlanCommands, LeadFromTheDraftToDelivery) {
  const base::Uuid id = plans_.ToPlan();
  const base::Uuid plan = plans_.Drafted(id, {"2024-04-01", "2024-05-02"});
  EXPECT_EQ(plans_.Plan(id, plan).plan.version, 1);
  EXPECT_EQ(world_.LastOf(id).As<v1::CasePlanDrafted>().plan().action_count(), 2);
  EXPECT_THAT(ActionDays(id), IsEmpty()) << "a draft asks nobody to do anything";
  plans_.Submit(id, plan);
  IdOf(plans_.TryApprovePlan(plans_.Of(id, plan, cases_.supervisor)));
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_PLAN);
  IdOf(plans_.TrySign(plans_.Of(id, plan, cases_.manager)));
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_DELIVERY);
  const PlanView view = plans_.Plan(id, plan);
  EXPECT_EQ(view.plan.state, v1::CASE_PLAN_STATE_SIGNED);
  EXPECT_EQ(view.plan.goals[0].text, "she stays in her job");
  EXPECT_EQ(view.plan.actions[1].text, "ask the nursery");
  EXPECT_EQ(view.plan.comment, "well done");
  EXPECT_EQ(view.plan.agreement, v1::PLAN_AGREEMENT_PAPER);
  EXPECT_THAT(ActionDays(id), ElementsAre("2024-04-01", "2024-05-02"));
}

// row:C5
TEST_F(CasePlanCommands, AreApprovedByNobodyWhoWroteInThem) {
  const base::Uuid id = plans_.ToPlan();
  const base::Uuid plan = Submitted(id);
  const Staff second_account{base::Uuid::NewV7(), cases_.manager.person};
  for (const Staff& writer : {cases_.manager, second_account}) {
    EXPECT_EQ(Reason(plans_.TryApprovePlan(plans_.Of(id, plan, writer))), "APPROVER_IS_AUTHOR");
    EXPECT_EQ(Reason(Return(plans_.Of(id, plan, writer))), "APPROVER_IS_AUTHOR");
  }
  IdOf(Return(plans_.Of(id, plan, cases_.supervisor)));
  // Once the supervisor has written in it herself, somebody else has to decide.
  IdOf(Change(plans_.Of(id, plan, cases_.supervisor),
              std::vector<PlanGoal>{{.factor = "RF07", .text = "fewer hours"}}, std::nullopt));
  plans_.Submit(id, plan);
  EXPECT_EQ(Reason(plans_.TryApprovePlan(plans_.Of(id, plan, cases_.supervisor))),
            "APPROVER_IS_AUTHOR");
  EXPECT_EQ(Reason(plans_.TryApprovePlan(plans_.Of(id, plan, cases_.manager))),
            "APPROVER_IS_AUTHOR")
      << "who wrote it first stays one of its authors";
  const Staff third{base::Uuid::NewV7(), base::Uuid::NewV7()};
  IdOf(plans_.TryApprovePlan(plans_.Of(id, plan, third)));
  EXPECT_EQ(plans_.Plan(id, plan).plan.goals[0].text, "fewer hours");
  EXPECT_EQ(plans_.Plan(id, plan).plan.actions[0].text, "ask the nursery") << "what was left stays";
}

TEST_F(CasePlanCommands, AreReturnedWithACommentAlsoWhenTheClientDoesNotSign) {
  const base::Uuid id = plans_.ToPlan();
  const base::Uuid plan = Submitted(id);
  IdOf(Return(plans_.Of(id, plan, cases_.supervisor)));
  EXPECT_EQ(plans_.Plan(id, plan).plan.comment, "name the nursery");
  EXPECT_EQ(Reason(plans_.TryApprovePlan(plans_.Of(id, plan, cases_.supervisor))), "PLAN_STATE");
  IdOf(Change(plans_.Of(id, plan, cases_.manager),
              std::vector<PlanGoal>{{.factor = "RF02", .text = "another"}}, std::nullopt));
  plans_.Submit(id, plan);
  IdOf(plans_.TryApprovePlan(plans_.Of(id, plan, cases_.supervisor)));
  IdOf(Return(plans_.Of(id, plan, cases_.supervisor)));
  EXPECT_EQ(Reason(plans_.TrySign(plans_.Of(id, plan, cases_.manager))), "PLAN_STATE");
}

// row:A22 law:L41 law:L42
TEST_F(CasePlanCommands, AreOnTimeByTheLegalDueDay) {
  const base::Uuid in_time = TakenIn("2024-08-19");
  auto told = SignedOn(in_time, "2024-09-19");
  EXPECT_EQ(told.due_date(), "2024-09-19") << "09-18 is Chuseok's last holiday";
  EXPECT_EQ(told.signed_date(), "2024-09-19");
  EXPECT_TRUE(told.on_time());
  EXPECT_EQ(told.plan_version(), 1);
  EXPECT_EQ(told.classification(), v1::CASE_CLASSIFICATION_CASE_MANAGEMENT);
  const base::Uuid late = TakenIn("2024-10-14");
  told = SignedOn(late, "2024-11-14");
  EXPECT_EQ(told.due_date(), "2024-11-13");
  EXPECT_FALSE(told.on_time()) << "a day later";
  // 15 days after the classification is what the task says, and not what the law asks.
  const base::Uuid slow = TakenIn("2024-11-20");
  EXPECT_EQ(cases_.Read(slow).due_day, CivilDayOf("2024-12-05"));
  EXPECT_TRUE(SignedOn(slow, "2024-12-10").on_time());
}

TEST_F(CasePlanCommands, MoveTheirDayWithTheDaysForWhichTheClockStood) {
  const base::Uuid id = TakenIn("2024-10-14");
  cases_.Hold(id, "2024-12-01");
  world_.SetClock("2024-10-24 09:00");
  IdOf(world_.Do([&](auto& work) { return ResumeCase(work, cases_.Of(id), Holidays()); }));
  const auto told = SignedOn(id, "2024-11-25");
  EXPECT_EQ(told.due_date(), base::FormatDay(*cases_.Read(id).plan_due_day));
  EXPECT_EQ(told.due_date(), "2024-11-25") << "11-13 and ten days is a Saturday";
  EXPECT_TRUE(told.on_time());
}

// What is counted by the day by law is told of the same day on both sides, also of a case that was
// held after it was classified, and of one whose service could not wait.
TEST_F(CasePlanCommands, TellOneDayByLawWhenClassifiedMovedAndSigned) {
  const base::Uuid held = TakenIn("2024-10-14");
  cases_.Hold(held, "2024-12-01");
  world_.SetClock("2024-10-24 09:00");
  IdOf(world_.Do([&](auto& work) { return ResumeCase(work, cases_.Of(held), Holidays()); }));
  const auto moved = world_.LastOf(held).As<v1::CasePlanDueMoved>();
  EXPECT_EQ(moved.previous_plan_due_date(), "2024-11-13");
  EXPECT_EQ(moved.plan_due_date(), "2024-11-25");
  EXPECT_EQ(SignedOn(held, "2024-11-20").due_date(), moved.plan_due_date());
  const base::Uuid urgent = TakenIn("2024-11-25");
  cases_.Assess(urgent, v1::RISK_LEVEL_CRISIS);
  IdOf(world_.Do([&](auto& work) { return OpenUrgentService(work, cases_.Of(urgent)); }));
  EXPECT_EQ(cases_.Read(urgent).plan_wanted_day(), CivilDayOf("2024-12-02"));
  EXPECT_EQ(cases_.Read(urgent).plan_due_day, CivilDayOf("2024-12-26"));
  EXPECT_EQ(SignedOn(urgent, "2024-12-04").due_date(), "2024-12-26");
}

TEST_F(CasePlanCommands, AreRefusedWithNothingHalfDone) {
  const base::Uuid id = plans_.ToPlan();
  auto draft = plans_.Draft(id, {"2024-04-01"});
  draft.actions[0].goal_number = 2;
  EXPECT_EQ(Reason(plans_.TryDraft(draft)), "PLAN_PART_INVALID");
  draft.actions[0].goal_number = 1;
  draft.of.etag = "\"1\"";
  EXPECT_EQ(Reason(plans_.TryDraft(draft)), "STALE_ETAG");
  draft.of.etag.clear();
  draft.of.ownership_epoch = 9;
  EXPECT_EQ(Reason(plans_.TryDraft(draft)), "OWNERSHIP_MOVED");
  draft.of.ownership_epoch = 0;
  draft.of.reach = {};
  EXPECT_EQ(Reason(plans_.TryDraft(draft)), "NOT_FOUND");
  EXPECT_EQ(Reason(plans_.TryDraft(plans_.Draft(cases_.CaseIn(v1::CASE_STATE_INTAKE), {}))),
            "CASE_STATE");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM case_plan"), "0");
  const base::Uuid plan = plans_.Drafted(id, {});
  EXPECT_EQ(Reason(plans_.TryDraft(plans_.Draft(id, {"2024-04-01"}))), "PLAN_OPEN_ALREADY");
  EXPECT_EQ(Reason(world_.Do(
                [&](auto& work) { return SubmitPlan(work, plans_.Of(id, plan, cases_.manager)); })),
            "PLAN_INCOMPLETE");
  EXPECT_EQ(Reason(plans_.TrySign(plans_.Of(id, plan, cases_.manager))), "PLAN_STATE");
  EXPECT_EQ(Reason(plans_.TrySign(plans_.Of(id, base::Uuid::NewV7(), cases_.manager))),
            "NOT_FOUND");
  EXPECT_EQ(Reason(Result(plans_.Of(id, plan, cases_.manager), 1, v1::PLAN_ACTION_RESULT_DONE)),
            "PLAN_STATE");
  cases_.Hold(id, "2024-03-20");
  EXPECT_EQ(
      Reason(Change(plans_.Of(id, plan, cases_.manager), std::vector<PlanGoal>(), std::nullopt)),
      "CASE_ON_HOLD");
}

TEST_F(CasePlanCommands, TakeNoIdThatIsTaken) {
  const base::Uuid one = plans_.ToPlan(), other = plans_.ToPlan();
  const base::Uuid plan = plans_.Drafted(one, {"2024-04-01"});
  auto draft = plans_.Draft(other, {"2024-04-01"});
  draft.plan_id = plan;
  EXPECT_EQ(Reason(plans_.TryDraft(draft)), "ID_TAKEN");
}

TEST_F(CasePlanCommands, AreNotSignedBeforeTheyAreApproved) {
  const base::Uuid id = plans_.ToPlan();
  const base::Uuid plan = Submitted(id);
  world_.SetClock("2024-03-11 10:00");
  IdOf(plans_.TryApprovePlan(plans_.Of(id, plan, cases_.supervisor)));
  EXPECT_EQ(Reason(plans_.TrySign(plans_.Of(id, plan, cases_.manager, "2024-03-08"))),
            "DATE_ORDER");
  EXPECT_EQ(Reason(plans_.TrySign(plans_.Of(id, plan, cases_.manager, "2024-03-12"))),
            "DATE_INVALID");
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return SignPlan(
                  work, plans_.Of(id, plan, cases_.manager),
                  {.agreement = v1::PLAN_AGREEMENT_PAPER, .calendar = base::BusinessCalendar({})});
            })),
            base::ReasonOf(base::Unavailable("", absl::Seconds(1))))
      << "no weekday is guessed to be a business day";
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_PLAN);
}

TEST_F(CasePlanCommands, GiveTheirActionsToWhoSeesToThem) {
  const base::Uuid id = plans_.ToPlan();
  const Staff helper{base::Uuid::NewV7(), base::Uuid::NewV7()};
  auto draft = plans_.Draft(id, {"2024-04-01", "2024-04-02"});
  draft.actions[0].owner = helper.subject;
  const base::Uuid plan = IdOf(plans_.TryDraft(draft));
  plans_.Submit(id, plan);
  IdOf(plans_.TryApprovePlan(plans_.Of(id, plan, cases_.supervisor)));
  IdOf(world_.Do([&](auto& work) {
    return SignPlan(
        work, plans_.Of(id, plan, cases_.manager),
        {.agreement = v1::PLAN_AGREEMENT_ELECTRONIC, .calendar = Holidays(), .owners = {helper}});
  }));
  for (const Task& task : cases_.Tasks(id)) {
    if (task.kind != v1::CASE_TASK_KIND_PLAN_ACTION) continue;
    const bool hers = task.due == CivilDayOf("2024-04-01");
    EXPECT_EQ(task.owner_subject, hers ? helper.subject : cases_.manager.subject);
    EXPECT_EQ(task.owner, hers ? helper.person : cases_.manager.person);
    EXPECT_EQ(task.subject, CasePlanName(id, plan));
  }
}

TEST_F(CasePlanCommands, EndATaskWithTheResultOfItsAction) {
  const base::Uuid id = plans_.ToPlan();
  const base::Uuid plan = plans_.Signed(id, {"2024-04-01", "2024-05-02", "2024-06-03"});
  const CasePlanInput of = plans_.Of(id, plan, cases_.manager);
  IdOf(Result(of, 2, v1::PLAN_ACTION_RESULT_DONE));
  EXPECT_THAT(ActionDays(id), ElementsAre("2024-04-01", "2024-06-03"));
  IdOf(Result(of, 3, v1::PLAN_ACTION_RESULT_DROPPED));
  EXPECT_THAT(ActionDays(id), ElementsAre("2024-04-01"));
  EXPECT_EQ(Reason(Result(of, 4, v1::PLAN_ACTION_RESULT_DONE)), "PLAN_PART_INVALID");
  IdOf(Result(of, 2, v1::PLAN_ACTION_RESULT_PARTLY));
  const auto told = world_.LastOf(id).As<v1::CasePlanActionRecorded>();
  EXPECT_TRUE(told.corrects());
  EXPECT_EQ(told.result(), v1::PLAN_ACTION_RESULT_PARTLY);
  EXPECT_EQ(told.due_date(), "2024-05-02");
  EXPECT_EQ(plans_.Plan(id, plan).plan.actions[1].result_text, "she has a place");
  const auto goal = [&](int number) {
    return world_.Do([&](auto& work) {
      return RecordAttainment(work, of, number, v1::GOAL_ATTAINMENT_REACHED);
    });
  };
  EXPECT_EQ(Reason(goal(2)), "PLAN_PART_INVALID");
  IdOf(goal(1));
  EXPECT_EQ(world_.LastOf(id).As<v1::CasePlanGoalRecorded>().factor_code(), "RF02");
  // What became of an action may be known after the end.
  cases_.Close(id, v1::CASE_CLOSE_REASON_GOALS_MET);
  EXPECT_EQ(Reason(Result(of, 1, v1::PLAN_ACTION_RESULT_DONE)), "");
  EXPECT_THAT(ActionDays(id), IsEmpty());
}

// row:C4 A new version after the reassessment; the one before stays.
TEST_F(CasePlanCommands, HaveANextVersionOnceTheReassessmentIsApproved) {
  const base::Uuid id = plans_.ToPlan();
  const base::Uuid first = plans_.Signed(id, {"2024-04-01", "2024-07-01"});
  EXPECT_EQ(Reason(plans_.TryDraft(plans_.Draft(id, {"2024-08-01"}))), "CASE_STATE")
      << "nothing was assessed again";
  world_.SetClock("2024-06-05 10:00");
  const base::Uuid again = plans_.Recorded(id, "RF02 1");
  EXPECT_EQ(Reason(plans_.TryDraft(plans_.Draft(id, {"2024-08-01"}))), "ASSESSMENT_STATE");
  IdOf(plans_.TryApprove(id, again, cases_.supervisor));
  const base::Uuid second = plans_.Signed(id, {"2024-08-01"});
  EXPECT_EQ(plans_.Plan(id, second).plan.version, 2);
  EXPECT_FALSE(plans_.Plan(id, second).plan.legal_due_day.has_value());
  const PlanView before = plans_.Plan(id, first);
  EXPECT_EQ(before.plan.state, v1::CASE_PLAN_STATE_SUPERSEDED);
  EXPECT_EQ(before.plan.actions.size(), 2u);
  EXPECT_EQ(before.plan.actions[0].text, "ask the nursery");
  EXPECT_THAT(ActionDays(id), ElementsAre("2024-08-01"));
  EXPECT_EQ(Reason(Result(plans_.Of(id, first, cases_.manager), 1, v1::PLAN_ACTION_RESULT_DONE)),
            "PLAN_STATE");
}

// Two supervisors decide at the same moment, both having read the same.
TEST_F(CasePlanCommands, AreDecidedAboutOnce) {
  const base::Uuid id = plans_.ToPlan();
  const base::Uuid plan = Submitted(id);
  std::vector<std::string> reasons(2);
  std::vector<std::thread> threads;
  for (size_t at = 0; at < reasons.size(); ++at) {
    threads.emplace_back([&, at] {
      const Staff decider{base::Uuid::NewV7(), base::Uuid::NewV7()};
      reasons[at] = Reason(plans_.TryApprovePlan(plans_.Of(id, plan, decider)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::sort(reasons.begin(), reasons.end());
  EXPECT_THAT(reasons, ElementsAre("", "PLAN_STATE"));
}

TEST_F(CasePlanCommands, LetTheWordsGoWithThePerson) {
  const base::Uuid person = cases_.Person();
  const base::Uuid id = plans_.ToPlan({.person = person});
  const base::Uuid plan = plans_.Signed(id, {"2024-04-01"});
  cases_.Erase(person);
  const PlanView view = plans_.Plan(id, plan);
  EXPECT_TRUE(view.anonymised);
  EXPECT_EQ(view.plan.goals[0].text, "");
  EXPECT_EQ(view.plan.actions[0].text, "");
  EXPECT_EQ(view.plan.comment, "");
  EXPECT_EQ(view.plan.actions[0].service, v1::PLAN_SERVICE_KIND_CARE_LINK) << "codes stay";
  EXPECT_TRUE(view.plan.on_time);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
