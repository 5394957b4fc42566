// Goal: whoever was employed when her case was closed is asked for on her days, each of them counts
// once among those that were due, and events alone give the two rates. Method: the use cases and
// the due work on a real database; a reader who hears events and nothing else. row:C14 row:C15
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_forget.h"
#include "services/casemgmt/references/consent_heard.h"
#include "tests/integration/casemgmt/retention_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::IsEmpty;

constexpr auto kSame = v1::RETENTION_RESULT_SAME_EMPLOYER;
constexpr auto kLeave = v1::RETENTION_RESULT_ON_STATUTORY_LEAVE;
constexpr auto kOther = v1::RETENTION_RESULT_OTHER_EMPLOYER;
constexpr auto kLeft = v1::RETENTION_RESULT_LEFT_LABOUR;
constexpr auto kSilent = v1::RETENTION_RESULT_UNREACHABLE;

class RetentionUseCases : public ::testing::Test {
 protected:
  std::string StateOf(const base::Uuid& case_id) {
    const int state = std::stoi(world_.Ask(
        absl::StrCat("SELECT state FROM casefile WHERE id = '", case_id.ToString(), "'")));
    return v1::CaseState_Name(static_cast<v1::CaseState>(state));
  }
  int OpenTasks() {
    return std::stoi(world_.Ask("SELECT count(*) FROM case_task WHERE state = 1"));
  }
  std::vector<std::string> TypesOf(const base::Uuid& case_id) {
    std::vector<std::string> types;
    for (const Told& told : world_.EventsOf(case_id)) {
      if (told.type.rfind("Retention", 0) == 0) types.push_back(told.type);
    }
    return types;
  }

  World world_{"2024-09-01 09:30"};
  Retention retention_{world_};
};

TEST_F(RetentionUseCases, AClosurePlansThreeChecksOnTheirDays) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31"});
  EXPECT_EQ(StateOf(id), "CASE_STATE_FOLLOW_UP");
  EXPECT_EQ(retention_.Check(id, 3).due, absl::CivilDay(2024, 11, 30));
  EXPECT_EQ(retention_.Check(id, 6).due, absl::CivilDay(2025, 2, 28));
  EXPECT_EQ(retention_.Check(id, 12).due, absl::CivilDay(2025, 8, 31));
  const auto planned = retention_.Of(id, "RetentionCheckPlanned");
  ASSERT_EQ(planned.size(), 3u);
  const auto event = planned[1].As<v1::RetentionCheckPlanned>();
  EXPECT_EQ(event.case_().state(), v1::CASE_STATE_FOLLOW_UP);
  EXPECT_EQ(event.check().due_date(), "2025-02-28");
  EXPECT_EQ(event.check().anchor_date(), "2024-08-31");
  EXPECT_EQ(event.check().window_start_date(), "2025-02-14");
  EXPECT_EQ(event.check().window_end_date(), "2025-03-14");
  EXPECT_EQ(OpenTasks(), 3);
}

TEST_F(RetentionUseCases, WhoeverWasNotEmployedIsNotAsked) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31", .employed = false});
  EXPECT_EQ(StateOf(id), "CASE_STATE_CLOSED");
  EXPECT_THAT(TypesOf(id), IsEmpty());
  // Her employment may become known later; her days are those of the closure all the same.
  IdOf(world_.Do([&](auto& work) {
    return BeginFollowUp(work, {.case_id = id, .reach = Reach::Everything()});
  }));
  EXPECT_EQ(StateOf(id), "CASE_STATE_FOLLOW_UP");
  EXPECT_EQ(retention_.Check(id, 3).due, absl::CivilDay(2024, 11, 30));
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return BeginFollowUp(work, {.case_id = id, .reach = Reach::Everything()});
            })),
            "CASE_STATE")
      << "once";
}

TEST_F(RetentionUseCases, WhoeverLostHerJobOrGoesOnIsNotFollowedUpLater) {
  const auto begin = [&](const base::Uuid& id) {
    return Reason(world_.Do([&](auto& work) {
      return BeginFollowUp(work, {.case_id = id, .reach = Reach::Everything()});
    }));
  };
  EXPECT_EQ(
      begin(retention_.Closed(
          {.day = "2024-08-31", .employed = false, .reason = v1::CASE_CLOSE_REASON_JOB_LOST})),
      "CASE_STATE");
  const base::Uuid id = retention_.Closed({.day = "2024-08-31", .employed = false});
  ASSERT_TRUE(retention_.Reopen(id).ok());
  EXPECT_EQ(begin(id), "CASE_REOPENED_ALREADY");
}

TEST_F(RetentionUseCases, ACheckIsToldToBeDueOnceOnItsDay) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31"});
  world_.SetClock("2024-11-29 23:59");
  retention_.Settle();
  EXPECT_EQ(retention_.RatesOf({id}, 3), Rates());
  world_.SetClock("2024-11-30 00:00");
  retention_.Settle();
  retention_.Settle();
  EXPECT_EQ(retention_.Of(id, "RetentionCheckDue").size(), 1u);
  EXPECT_EQ(retention_.RatesOf({id}, 3), (Rates{.due = 1}));
  EXPECT_EQ(retention_.Check(id, 3).state, v1::RETENTION_CHECK_STATE_DUE);
}

// As after a kill between the commit and what came of it.
TEST_F(RetentionUseCases, TheSameDueIsSettledByNobodyTwice) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31"});
  const base::Uuid occurrence = retention_.Check(id, 3).occurrence;
  world_.SetClock("2024-11-30 00:00");
  for (int i = 0; i < 3; ++i) {
    IdOf(world_.Do([&](auto& work) { return TellRetentionCheckDue(work, id, occurrence); }));
  }
  EXPECT_EQ(retention_.Of(id, "RetentionCheckDue").size(), 1u);
}

TEST_F(RetentionUseCases, AResultBeforeTheDayMakesItsCheckDue) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31"});
  world_.SetClock("2024-11-15 10:00");
  EXPECT_EQ(Reason(retention_.Record(id, 3, kSame)), "CHECK_EARLY");
  EXPECT_EQ(Reason(retention_.Attempt(id, 3)), "CHECK_EARLY");
  world_.SetClock("2024-11-16 10:00");
  ASSERT_TRUE(retention_.Attempt(id, 3).ok());
  ASSERT_TRUE(retention_.Record(id, 3, kSame).ok());
  EXPECT_EQ(retention_.RatesOf({id}, 3), (Rates{.due = 1, .retained = 1, .continued = 1}));
  world_.SetClock("2024-12-30 00:00");
  retention_.Settle();
  EXPECT_EQ(retention_.RatesOf({id}, 3), (Rates{.due = 1, .retained = 1, .continued = 1}));
  const auto event = retention_.Of(id, "RetentionChecked")[0].As<v1::RetentionChecked>();
  EXPECT_EQ(event.check().due_date(), "2024-11-30") << "counts belong to the check's day";
  EXPECT_EQ(event.check().checked_date(), "2024-11-16");
  EXPECT_EQ(event.check().attempt_count(), 1);
  EXPECT_FALSE(event.late());
  EXPECT_EQ(OpenTasks(), 2);
}

// 41 were due: 35 where they were, 3 on leave, 1 elsewhere, 1 left, 1 not reached (scenario.md
// §2.2).
TEST_F(RetentionUseCases, TheRatesOfACohortComeOutOfEventsAlone) {
  std::vector<base::Uuid> cases;
  for (int i = 0; i < 42; ++i) cases.push_back(retention_.Closed({.day = "2024-08-31"}));
  world_.SetClock("2024-11-30 10:00");
  retention_.Settle();
  EXPECT_EQ(retention_.RatesOf(cases, 3), (Rates{.due = 42})) << "nobody has answered yet";
  for (int i = 0; i < 41; ++i) {
    const auto result = i < 35   ? kSame
                        : i < 38 ? kLeave
                        : i < 39 ? kOther
                        : i < 40 ? kLeft
                                 : kSilent;
    ASSERT_TRUE(retention_.Record(cases[i], 3, result).ok());
  }
  EXPECT_EQ(retention_.RatesOf(cases, 3), (Rates{.due = 42, .retained = 38, .continued = 39}))
      << "who was not reached and who was not asked count among those that were due";
  cases.pop_back();
  EXPECT_EQ(retention_.RatesOf(cases, 3), (Rates{.due = 41, .retained = 38, .continued = 39}));
  EXPECT_EQ(retention_.RatesOf(cases, 12), Rates()) << "none was due";
}

TEST_F(RetentionUseCases, ACorrectedClosureMovesWhatIsOpenAndNothingElse) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31"});
  world_.SetClock("2024-11-30 10:00");
  retention_.Settle();
  ASSERT_TRUE(retention_.Record(id, 3, kSame).ok());
  ASSERT_TRUE(retention_.Correct(id, "2024-08-01").ok());
  EXPECT_EQ(retention_.Check(id, 3).due, absl::CivilDay(2024, 11, 30)) << "it is done";
  EXPECT_EQ(retention_.Check(id, 6).due, absl::CivilDay(2025, 2, 1));
  EXPECT_EQ(retention_.Check(id, 12).due, absl::CivilDay(2025, 8, 1));
  const auto moved = retention_.Of(id, "RetentionCheckMoved");
  ASSERT_EQ(moved.size(), 2u);
  EXPECT_EQ(moved[0].As<v1::RetentionCheckMoved>().previous_due_date(), "2025-02-28");
  EXPECT_EQ(retention_.RatesOf({id}, 3), (Rates{.due = 1, .retained = 1, .continued = 1}));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM retention_check"), "3");
}

TEST_F(RetentionUseCases, ADueCheckThatMovesIsDueOnItsNewDay) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31"});
  world_.SetClock("2024-12-01 10:00");
  retention_.Settle();
  EXPECT_EQ(retention_.RatesOf({id}, 3).due, 1);
  ASSERT_TRUE(retention_.Correct(id, "2024-09-10").ok());
  EXPECT_EQ(retention_.RatesOf({id}, 3).due, 0) << "not any more";
  world_.SetClock("2024-12-10 10:00");
  retention_.Settle();
  EXPECT_EQ(retention_.RatesOf({id}, 3).due, 1);
  // Back again, to a day that is over: it is due at once.
  ASSERT_TRUE(retention_.Correct(id, "2024-08-31").ok());
  EXPECT_EQ(retention_.RatesOf({id}, 3).due, 1);
  EXPECT_EQ(retention_.Of(id, "RetentionCheckDue").size(), 3u);
}

TEST_F(RetentionUseCases, ReopeningCancelsWhatWasNotDueYet) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31"});
  world_.SetClock("2024-12-01 10:00");
  retention_.Settle();
  ASSERT_TRUE(retention_.Reopen(id).ok());
  EXPECT_EQ(retention_.Check(id, 3).state, v1::RETENTION_CHECK_STATE_DUE)
      << "it was due, so it counts";
  for (const int months : {6, 12}) {
    EXPECT_EQ(retention_.Check(id, months).state, v1::RETENTION_CHECK_STATE_CANCELLED);
  }
  const auto cancelled = retention_.Of(id, "RetentionCheckCancelled");
  ASSERT_EQ(cancelled.size(), 2u);
  EXPECT_EQ(cancelled[0].As<v1::RetentionCheckCancelled>().reason(),
            v1::RETENTION_CANCEL_REASON_REOPENED);
  EXPECT_EQ(Reason(retention_.Record(id, 6, kSame)), "RETENTION_CHECK_STATE");
  world_.SetClock("2025-09-01 10:00");
  retention_.Settle();
  EXPECT_EQ(retention_.RatesOf({id}, 6), Rates());
  EXPECT_EQ(retention_.RatesOf({id}, 3).due, 1);
  EXPECT_TRUE(retention_.Record(id, 3, kSilent).ok()) << "its result can still be known";
}

TEST_F(RetentionUseCases, TheLastResultArchivesTheCase) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31"});
  world_.SetClock("2025-08-31 10:00");
  retention_.Settle();
  ASSERT_TRUE(retention_.Record(id, 3, kSame, "2024-12-14").ok());
  ASSERT_TRUE(retention_.Record(id, 6, kSilent, "2025-03-15").ok());
  EXPECT_EQ(StateOf(id), "CASE_STATE_FOLLOW_UP");
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return ArchiveCase(work, {.case_id = id, .reach = Reach::Everything()});
            })),
            "RETENTION_CHECK_STATE")
      << "nor by hand, while one waits";
  ASSERT_TRUE(retention_.Record(id, 12, kLeave).ok());
  EXPECT_EQ(StateOf(id), "CASE_STATE_ARCHIVED");
  EXPECT_EQ(world_.LastOf(id).type, "CaseArchived");
  const auto checked = retention_.Of(id, "RetentionChecked");
  EXPECT_FALSE(checked[0].As<v1::RetentionChecked>().late());
  EXPECT_TRUE(checked[1].As<v1::RetentionChecked>().late()) << "15 days after its day";
  EXPECT_EQ(OpenTasks(), 0);
  // A mistake is corrected even so.
  ASSERT_TRUE(retention_.Replace(id, 12, kOther).ok());
  EXPECT_EQ(retention_.RatesOf({id}, 12), (Rates{.due = 1, .continued = 1}));
}

TEST_F(RetentionUseCases, ACorrectedResultCountsInPlaceOfTheOneBefore) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31"});
  world_.SetClock("2024-11-30 10:00");
  EXPECT_EQ(Reason(retention_.Replace(id, 3, kLeft)), "RETENTION_CHECK_STATE");
  ASSERT_TRUE(retention_.Record(id, 3, kSame).ok());
  EXPECT_EQ(Reason(retention_.Record(id, 3, kLeft)), "RETENTION_CHECK_STATE");
  ASSERT_TRUE(retention_.Replace(id, 3, kLeft).ok());
  EXPECT_EQ(retention_.RatesOf({id}, 3), (Rates{.due = 1}));
  ASSERT_TRUE(retention_.Replace(id, 3, kLeave).ok());
  EXPECT_EQ(retention_.RatesOf({id}, 3), (Rates{.due = 1, .retained = 1, .continued = 1}));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM retention_result"), "3") << "nothing is lost";
  EXPECT_EQ(retention_.Of(id, "RetentionCheckDue").size(), 1u);
}

TEST_F(RetentionUseCases, HerEmployerIsAskedWithHerConsentOnly) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31"});
  world_.SetClock("2024-11-30 10:00");
  const auto confirmed = [&] {
    return Reason(
        retention_.Record(id, 3, kSame, "", v1::RETENTION_EVIDENCE_EMPLOYER_CONFIRMATION));
  };
  EXPECT_EQ(confirmed(), "EVIDENCE_WITHOUT_CONSENT");
  HeardConsent consent{.person = retention_.PersonOf(id),
                       .purpose = registry::v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION,
                       .receiver = base::Uuid::NewV7(),
                       .revision = 1,
                       .given = true,
                       .expires_at = {}};
  const auto hear = [&] {
    EXPECT_TRUE(world_.database()
                    .Write("test_consent",
                           [&](db::Tx& tx) {
                             KeepConsent(tx, consent);
                             return absl::OkStatus();
                           })
                    .ok());
  };
  hear();
  EXPECT_EQ(confirmed(), "EVIDENCE_WITHOUT_CONSENT") << "that is no firm";
  consent.receiver = world_.HearFirm();
  consent.given = false;
  hear();
  EXPECT_EQ(confirmed(), "EVIDENCE_WITHOUT_CONSENT") << "she refused";
  consent.revision = 2;
  consent.given = true;
  hear();
  EXPECT_EQ(confirmed(), "");
}

TEST_F(RetentionUseCases, WhoIsErasedIsAskedNoMoreAndCountsAsBefore) {
  const base::Uuid id = retention_.Closed({.day = "2024-08-31"});
  world_.SetClock("2024-11-30 10:00");
  retention_.Settle();
  const base::Uuid person = retention_.PersonOf(id);
  IdOf(world_.Do([&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
    work.Lock({id});
    RETURN_IF_ERROR(ForgetCasesOf(work, person));
    return ledger::Done{id, CaseName(id)};
  }));
  world_.SetClock("2025-12-31 10:00");
  retention_.Settle();
  EXPECT_EQ(retention_.RatesOf({id}, 3), (Rates{.due = 1}));
  EXPECT_EQ(retention_.RatesOf({id}, 6), Rates());
  EXPECT_EQ(retention_.Check(id, 12).cancel_reason, v1::RETENTION_CANCEL_REASON_ERASED);
}

TEST_F(RetentionUseCases, OthersSeeNoneOfIt) {
  const base::Uuid manager = base::Uuid::NewV7(), centre = base::Uuid::NewV7();
  const base::Uuid id =
      retention_.Closed({.day = "2024-08-31", .centre = centre, .manager_subject = manager});
  world_.SetClock("2024-11-30 10:00");
  RetentionInput input = retention_.InputOf(id, 3);
  const auto record = [&] {
    return Reason(world_.Do([&](auto& work) {
      return RecordResult(work, input, kSame, v1::RETENTION_EVIDENCE_SELF_REPORT);
    }));
  };
  const base::Scope here = base::Scope::Of({centre.ToString()});
  input.c.reach = {.own_in = here, .subject = base::Uuid::NewV7()};
  EXPECT_EQ(record(), "NOT_FOUND") << "another manager of the centre";
  input.c.reach = {.team = base::Scope::Of({base::Uuid::NewV7().ToString()}),
                   .own_in = base::Scope::Of({base::Uuid::NewV7().ToString()}),
                   .subject = manager};
  EXPECT_EQ(record(), "NOT_FOUND") << "her manager, but in another centre";
  input.c.reach = {.own_in = here, .subject = manager};
  input.c.ownership_epoch = 7;
  EXPECT_EQ(record(), "OWNERSHIP_MOVED");
  input.c.ownership_epoch = 1;
  input.c.etag = "\"1\"";
  EXPECT_EQ(record(), "STALE_ETAG");
  input.c.etag.clear();
  EXPECT_EQ(record(), "");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
