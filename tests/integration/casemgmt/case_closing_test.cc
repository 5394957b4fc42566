// Goal: a case ends by the will of two, and goes on as another one. Method: every way to ask,
// decide, correct and reopen, with its refusals. row:C16 row:C17
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/casemgmt/cases/case_words_store.h"
#include "tests/integration/casemgmt/case_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;

class CaseClosing : public ::testing::Test {
 protected:
  std::string Try(ledger::Ledger::UseCase use_case) { return Reason(world_.Do(use_case)); }
  std::string Ask(const base::Uuid& id, v1::CaseCloseReason reason, bool employed = false) {
    return Try([&](auto& work) {
      return AskClosure(work, cases_.keys(), cases_.Of(id), cases_.manager,
                        {.reason = reason, .employed = employed});
    });
  }
  std::string Close(const base::Uuid& id, const Staff& by, const std::string& day = "") {
    return Try([&](auto& work) {
      return CloseCase(work, cases_.keys(), cases_.Of(id, day), by, "회의 결과");
    });
  }

  std::string Try(const base::Uuid& id, v1::AttemptOutcome outcome, const std::string& day = "") {
    return Try([&](auto& work) {
      return LogContactAttempt(work, cases_.Of(id, day), v1::ATTEMPT_CHANNEL_PHONE, outcome);
    });
  }

  World world_{"2024-11-30 10:00"};
  Cases cases_{world_};
};

// row:C5
TEST_F(CaseClosing, IsDecidedBySomebodyElseWhateverTheAccount) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_DELIVERY);
  EXPECT_EQ(Close(id, cases_.supervisor), "CLOSURE_NOT_ASKED");
  EXPECT_EQ(Ask(id, v1::CASE_CLOSE_REASON_LINKED), "CLOSE_REASON_NOT_OF_STATE");
  EXPECT_EQ(Ask(id, v1::CASE_CLOSE_REASON_GOALS_MET), "");
  EXPECT_EQ(Ask(id, v1::CASE_CLOSE_REASON_GOALS_MET), "CLOSURE_ASKED_ALREADY");
  EXPECT_EQ(Close(id, cases_.manager), "APPROVER_IS_ASKER");
  const Staff other_account{base::Uuid::NewV7(), cases_.manager.person};
  EXPECT_EQ(Close(id, other_account), "APPROVER_IS_ASKER");
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_DELIVERY);
  EXPECT_EQ(Close(id, cases_.supervisor), "");
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_CLOSED);
  EXPECT_TRUE(cases_.Tasks(id).empty());
}

// row:C5
TEST_F(CaseClosing, IsReturnedWithAComment) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_DELIVERY);
  EXPECT_EQ(Ask(id, v1::CASE_CLOSE_REASON_TIME_OVER), "");
  const auto give_back = [&](const Staff& by) {
    return Try([&](auto& work) {
      return ReturnClosure(work, cases_.keys(), cases_.Of(id), by, "목표 점검이 빠짐");
    });
  };
  EXPECT_EQ(give_back(cases_.manager), "APPROVER_IS_ASKER");
  EXPECT_EQ(give_back(cases_.supervisor), "");
  EXPECT_EQ(give_back(cases_.supervisor), "CLOSURE_NOT_ASKED");
  EXPECT_EQ(Close(id, cases_.supervisor), "CLOSURE_NOT_ASKED");
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_DELIVERY);
}

TEST_F(CaseClosing, HappensInEveryOpenState) {
  for (int state = v1::CASE_STATE_REFERRED; state <= v1::CASE_STATE_REASSESSMENT; ++state) {
    const base::Uuid id = cases_.CaseIn(static_cast<v1::CaseState>(state));
    EXPECT_EQ(Ask(id, v1::CASE_CLOSE_REASON_MOVED), "") << state;
    EXPECT_EQ(Close(id, cases_.supervisor), "") << state;
    EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_CLOSED);
  }
}

TEST_F(CaseClosing, OfAHeldCaseEndsTheHold) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_MONITORING);
  cases_.Hold(id, "2024-12-20");
  EXPECT_EQ(Ask(id, v1::CASE_CLOSE_REASON_LOST_CONTACT), "CONTACT_TRIES_MISSING");
  for (int tries = 0; tries < 3; ++tries) EXPECT_EQ(Try(id, v1::ATTEMPT_OUTCOME_NO_ANSWER), "");
  EXPECT_EQ(Ask(id, v1::CASE_CLOSE_REASON_LOST_CONTACT), "");
  EXPECT_EQ(Close(id, cases_.supervisor), "");
  const Case c = cases_.Read(id);
  EXPECT_FALSE(c.on_hold);
  EXPECT_FALSE(c.hold.has_value());
}

TEST_F(CaseClosing, AsLostIsForWhoWasNotReachedMeanwhile) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_DELIVERY);
  for (int tries = 0; tries < 3; ++tries) EXPECT_EQ(Try(id, v1::ATTEMPT_OUTCOME_NO_ANSWER), "");
  const auto attempt = world_.LastOf(id).As<v1::CaseContactAttempted>();
  EXPECT_EQ(attempt.attempt_date(), "2024-11-30");
  EXPECT_EQ(attempt.outcome(), v1::ATTEMPT_OUTCOME_NO_ANSWER);
  EXPECT_EQ(Ask(id, v1::CASE_CLOSE_REASON_LOST_CONTACT), "");
  EXPECT_EQ(Try(id, v1::ATTEMPT_OUTCOME_REACHED), "");
  EXPECT_EQ(Close(id, cases_.supervisor), "CONTACT_TRIES_MISSING");
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_DELIVERY);
}

// That she answered between the tries is told only after the closure was asked for.
TEST_F(CaseClosing, AsLostIsNotForWhoHadAnsweredBetweenTheTries) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_DELIVERY);
  world_.SetClock("2024-12-10 10:00");
  for (const char* day : {"2024-12-01", "2024-12-05", "2024-12-09"}) {
    EXPECT_EQ(Try(id, v1::ATTEMPT_OUTCOME_NO_ANSWER, day), "");
  }
  EXPECT_EQ(Ask(id, v1::CASE_CLOSE_REASON_LOST_CONTACT), "");
  EXPECT_EQ(Try(id, v1::ATTEMPT_OUTCOME_CALL_LATER, "2024-11-30"), "");
  EXPECT_EQ(Try(id, v1::ATTEMPT_OUTCOME_REACHED, "2024-12-06"), "");
  EXPECT_EQ(Close(id, cases_.supervisor), "CONTACT_TRIES_MISSING");
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_DELIVERY);
  for (const char* day : {"2024-12-07", "2024-12-08"}) {
    EXPECT_EQ(Try(id, v1::ATTEMPT_OUTCOME_NO_ANSWER, day), "");
  }
  EXPECT_EQ(Close(id, cases_.supervisor), "") << "three since she was reached";
}

TEST_F(CaseClosing, FollowsNobodyWithoutAJob) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_DELIVERY);
  for (const auto reason : {v1::CASE_CLOSE_REASON_DIED, v1::CASE_CLOSE_REASON_JOB_LOST}) {
    EXPECT_EQ(Ask(id, reason, true), "INVALID_FIELD");
  }
  EXPECT_EQ(Ask(id, v1::CASE_CLOSE_REASON_JOB_LOST, false), "");
}

TEST_F(CaseClosing, OfWhoIsEmployedBeginsTheFollowUp) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_DELIVERY);
  EXPECT_EQ(Ask(id, v1::CASE_CLOSE_REASON_GOALS_MET, true), "");
  EXPECT_FALSE(cases_.Read(id).ending.has_value());
  EXPECT_EQ(Close(id, cases_.supervisor), "");
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_FOLLOW_UP);
  EXPECT_EQ(cases_.Read(id).ending->planned_checks, 3);
  EXPECT_EQ(cases_.Read(id).ending->tasks, 3) << "monitoring, reassessment, closure";
  for (const Told& told : world_.EventsOf(id)) {
    if (told.type != "CaseClosed") continue;
    const auto closed = told.As<v1::CaseClosed>();
    EXPECT_TRUE(closed.employed());
    EXPECT_EQ(closed.closed_date(), "2024-11-30");
    EXPECT_THAT(closed.check_months(), ElementsAre(3, 6, 12));
  }
  EXPECT_EQ(world_.Ask("SELECT string_agg(due_date::text, ',' ORDER BY due_date) FROM "
                       "retention_check"),
            "2025-02-28,2025-05-30,2025-11-30");
  EXPECT_EQ(world_.Ask("SELECT string_agg(state::text, ',' ORDER BY step DESC) FROM "
                       "(SELECT * FROM case_transition ORDER BY step DESC LIMIT 2) t"),
            "12,11");
}

TEST_F(CaseClosing, IsCorrectedWithItsChecks) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_FOLLOW_UP);
  world_.SetClock("2024-12-02 10:00");
  EXPECT_EQ(Try([&](auto& work) { return CorrectClosing(work, cases_.Of(id, "2024-12-01")); }), "");
  EXPECT_EQ(cases_.Read(id).closed_day, CivilDayOf("2024-12-01"));
  EXPECT_EQ(world_.Ask("SELECT string_agg(due_date::text, ',' ORDER BY due_date) FROM "
                       "retention_check"),
            "2025-03-01,2025-06-01,2025-12-01");
  EXPECT_EQ(Try([&](auto& work) { return CorrectClosing(work, cases_.Of(id, "2024-12-03")); }),
            "DATE_INVALID");
  EXPECT_EQ(Try([&](auto& work) { return CorrectClosing(work, cases_.Of(id, "2024-11-01")); }),
            "DATE_ORDER");
}

TEST_F(CaseClosing, IsFollowedByAnotherCaseOnce) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_FOLLOW_UP);
  world_.SetClock("2024-12-10 10:00");
  const auto reopen = [&] {
    return world_.Do([&](auto& work) {
      return ReopenCase(work, cases_.keys(), cases_.Of(id), std::nullopt, "다시 연락함",
                        Holidays());
    });
  };
  const base::Uuid next = IdOf(reopen());
  EXPECT_NE(next, id);
  const Case before = cases_.Read(id), after = cases_.Read(next);
  EXPECT_EQ(before.state, v1::CASE_STATE_CLOSED);
  EXPECT_EQ(before.next_case, next);
  EXPECT_EQ(after.reopened_from, id);
  EXPECT_EQ(after.state, v1::CASE_STATE_REFERRED);
  EXPECT_EQ(after.source, v1::CASE_SOURCE_REOPENED);
  EXPECT_EQ(after.participant, before.participant);
  EXPECT_EQ(after.case_number, "");
  EXPECT_EQ(Reason(reopen()), "CASE_REOPENED_ALREADY");
  // Checks whose day has not come fall away with the reopening.
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM retention_check WHERE state = 1"), "0");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
