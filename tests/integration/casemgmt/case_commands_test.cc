// Goal: a case is led as the contract says, on a real database. Method: each step with its
// refusals, what it leaves and what it tells. row:C1 row:C3 row:C16
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "platform/base/status.h"
#include "services/casemgmt/references/consent_heard.h"
#include "tests/integration/casemgmt/case_world.h"
#include "tests/integration/casemgmt/session_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;

class CaseCommands : public ::testing::Test {
 protected:
  // "" = done.
  std::string Try(ledger::Ledger::UseCase use_case) { return Reason(world_.Do(use_case)); }
  std::string Contact(const base::Uuid& id, const CaseInput& input) {
    (void)id;
    return Try([&](auto& work) { return ContactCase(work, cases_.keys(), input, ""); });
  }
  std::vector<std::string> TypesOf(const base::Uuid& id) {
    std::vector<std::string> types;
    for (const Told& told : world_.EventsOf(id)) {
      if (told.type.rfind("CaseTask", 0) != 0) types.push_back(told.type);
    }
    return types;
  }
  OpenCaseInput Wish(const base::Uuid& person) {
    return {
        .person = person, .programme = "INC", .edition = "2024", .source = v1::CASE_SOURCE_SELF};
  }
  std::string Open(const OpenCaseInput& input) {
    return Try([&](auto& work) { return OpenCase(work, cases_.keys(), input, Holidays()); });
  }

  World world_{"2024-08-19 10:00"};
  Cases cases_{world_};
};

TEST_F(CaseCommands, TellAWholeLifeAndNameNobodyInIt) {
  const base::Uuid person = cases_.Person();
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_CLOSED, {.person = person});
  EXPECT_THAT(TypesOf(id), ElementsAre("CaseOpened", "CaseContacted", "CaseTakenIn",
                                       "CaseClosureAsked", "CaseClosed"));
  const Case c = cases_.Read(id);
  EXPECT_EQ(c.case_number, "2024-0001");
  const auto taken = world_.EventsOf(id);
  for (const Told& told : taken) {
    EXPECT_FALSE(absl::StrContains(told.payload, person.ToString())) << told.type;
  }
  const auto closed = world_.LastOf(id);
  EXPECT_EQ(world_.Ask("SELECT string_agg(state::text, ',' ORDER BY step) FROM case_transition"),
            "1,2,3,4,5,6,7,8,9,11");
}

// law:L41
TEST_F(CaseCommands, BeginThePeriodToTheSignedPlanWithTheIntake) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  for (const Told& told : world_.EventsOf(id)) {
    if (told.type != "CaseTakenIn") continue;
    const auto event = told.As<v1::CaseTakenIn>();
    EXPECT_EQ(event.plan_due_date(), "2024-09-19");
    EXPECT_EQ(event.assessment_due_date(), "2024-08-29");
    EXPECT_EQ(event.case_().intake_date(), "2024-08-19");
    EXPECT_EQ(event.case_().state(), v1::CASE_STATE_INTAKE);
  }
  EXPECT_EQ(cases_.Read(id).plan_due_day, CivilDayOf("2024-09-19"));
}

// law:L01
TEST_F(CaseCommands, TakeInNobodyWhoHasNotConsented) {
  const base::Uuid person = base::Uuid::NewV7();
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INITIAL_CONSULT, {.person = person});
  const auto take = [&] {
    return Try([&](auto& work) { return TakeInCase(work, cases_.Of(id), Holidays()); });
  };
  EXPECT_EQ(take(), "CONSENT_MISSING");
  cases_.Consent(person, registry::v1::CONSENT_PURPOSE_SENSITIVE);
  EXPECT_EQ(take(), "CONSENT_MISSING");
  cases_.Consent(person, registry::v1::CONSENT_PURPOSE_COLLECTION);
  cases_.Consent(person, registry::v1::CONSENT_PURPOSE_COLLECTION, false);
  EXPECT_EQ(take(), "CONSENT_MISSING");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM case_counter"), "0");
  cases_.Consent(person, registry::v1::CONSENT_PURPOSE_COLLECTION);
  EXPECT_EQ(take(), "");
}

TEST_F(CaseCommands, NumberWithoutAGapInEachCentreAndYear) {
  const std::string centre = base::Uuid::NewV7().ToString();
  EXPECT_EQ(cases_.Read(cases_.CaseIn(v1::CASE_STATE_INTAKE)).case_number, "2024-0001");
  EXPECT_EQ(cases_.Read(cases_.CaseIn(v1::CASE_STATE_INTAKE, {.centre = centre})).case_number,
            "2024-0001");
  // One that is refused takes no number.
  const base::Uuid nobody =
      cases_.CaseIn(v1::CASE_STATE_INITIAL_CONSULT, {.person = base::Uuid::NewV7()});
  EXPECT_EQ(Try([&](auto& work) { return TakeInCase(work, cases_.Of(nobody), Holidays()); }),
            "CONSENT_MISSING");
  EXPECT_EQ(cases_.Read(cases_.CaseIn(v1::CASE_STATE_INTAKE)).case_number, "2024-0002");
  world_.SetClock("2025-01-02 10:00");
  EXPECT_EQ(cases_.Read(cases_.CaseIn(v1::CASE_STATE_INTAKE)).case_number, "2025-0001");
}

TEST_F(CaseCommands, OpenOneCaseOfAPersonAtATime) {
  const base::Uuid person = cases_.Person();
  cases_.Opened({.person = person});
  EXPECT_EQ(Open(Wish(person)), "CASE_OPEN_ALREADY");
  // Only who sees that case is told which one it is.
  const auto named = [&](const Reach& reach) {
    OpenCaseInput again = Wish(person);
    again.reach = reach;
    const auto refused =
        world_.Do([&](auto& work) { return OpenCase(work, cases_.keys(), again, Holidays()); });
    return base::MetadataOf(refused.status(), "case");
  };
  EXPECT_NE(named(Reach::Everything()), "");
  EXPECT_EQ(named({.own_in = base::Scope::Everywhere(), .subject = base::Uuid::NewV7()}), "");
  OpenCaseInput next = Wish(person);
  next.edition = "2025";
  EXPECT_EQ(Open(next), "");
}

TEST_F(CaseCommands, KeepWhereSheCameFromAndRefuseWhatDoesNotFit) {
  OpenCaseInput wish = Wish(cases_.Person());
  wish.source = v1::CASE_SOURCE_ENROLMENT;
  EXPECT_EQ(Open(wish), "INVALID_FIELD");
  wish.source_campaign = base::Uuid::NewV7();
  wish.source_enrolment = base::Uuid::NewV7();
  EXPECT_EQ(Open(wish), "");
  wish = Wish(cases_.Person());
  wish.source_organization = base::Uuid::NewV7();
  EXPECT_EQ(Open(wish), "INVALID_FIELD");
  wish.source = v1::CASE_SOURCE_AGENCY;
  wish.source_words = "동네 상담소";
  EXPECT_EQ(Open(wish), "");
  wish.day = CivilDayOf("2024-08-20");
  wish.person = cases_.Person();
  EXPECT_EQ(Open(wish), "DATE_INVALID");
  // The words are sealed: the name of the agency stands nowhere in clear.
  EXPECT_EQ(
      world_.Ask("SELECT count(*) FROM case_words WHERE position('상담소'::bytea IN box) > 0"),
      "0");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM case_words"), "1");
}

TEST_F(CaseCommands, ASecondWriterWithTheSameEtagIsTurnedAway) {
  const base::Uuid id = cases_.Opened();
  CaseInput input = cases_.Of(id);
  input.etag = "\"2\"";
  const std::string first = Contact(id, input), second = Contact(id, input);
  EXPECT_EQ(first, "");
  EXPECT_EQ(second, "STALE_ETAG");
}

TEST_F(CaseCommands, AnOlderOwnerIsTold) {
  const base::Uuid id = cases_.Opened();
  CaseInput input = cases_.Of(id);
  input.ownership_epoch = 2;
  EXPECT_EQ(Contact(id, input), "OWNERSHIP_MOVED");
  input.ownership_epoch = 1;
  EXPECT_EQ(Contact(id, input), "");
}

TEST_F(CaseCommands, WhatIsOutOfReachIsNotThere) {
  const base::Uuid id = cases_.Opened({.centre = base::Uuid::NewV7().ToString()});
  CaseInput input = cases_.Of(id);
  input.reach = {
      .team = base::Scope(), .own_in = base::Scope::Everywhere(), .subject = base::Uuid::NewV7()};
  EXPECT_EQ(Contact(id, input), "NOT_FOUND");
  input.reach.subject = cases_.manager.subject;
  input.reach.own_in = base::Scope::Of({base::Uuid::NewV7().ToString()});
  EXPECT_EQ(Contact(id, input), "NOT_FOUND");
  input.reach.own_in = base::Scope::Everywhere();
  EXPECT_EQ(Contact(id, input), "");
}

TEST_F(CaseCommands, ACrisisIsToldAtOnceAndOpensTheUrgentWay) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  const auto urgent = [&] {
    return Try([&](auto& work) { return OpenUrgentService(work, cases_.Of(id)); });
  };
  EXPECT_EQ(urgent(), "CASE_NOT_CRISIS");
  EXPECT_EQ(Try([&](auto& work) {
              return DeclareCrisis(work, cases_.keys(), cases_.Of(id), "협박을 받음");
            }),
            "");
  EXPECT_EQ(TypesOf(id).back(), "CaseRiskChanged");
  EXPECT_EQ(urgent(), "");
  const auto event = world_.LastOf(id);
  const Case c = cases_.Read(id);
  EXPECT_TRUE(c.urgent);
  EXPECT_EQ(c.state, v1::CASE_STATE_INTAKE);
  EXPECT_EQ(c.plan_wanted_day(), CivilDayOf("2024-08-26"));
  EXPECT_EQ(c.plan_due_day, CivilDayOf("2024-09-19")) << "the law's day stays";
}

TEST_F(CaseCommands, AHoldStopsTheClockAndMovesWhatIsDue) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_ASSESSMENT);
  const auto hold = [&](const std::string& until) {
    return Try([&](auto& work) {
      return HoldCase(work, cases_.keys(), cases_.Of(id),
                      {.reason = v1::CASE_HOLD_REASON_FAMILY, .until = CivilDayOf(until)});
    });
  };
  EXPECT_EQ(hold("2024-10-18"), "HOLD_TOO_LONG");  // the 61st day
  EXPECT_EQ(hold("2024-10-17"), "");
  EXPECT_EQ(hold("2024-10-17"), "CASE_ON_HOLD");
  EXPECT_EQ(Try([&](auto& work) -> absl::StatusOr<ledger::Done> {
              work.Lock({id});
              auto c = LoadCase(work, cases_.Of(id));
              const absl::Status taken =
                  TakeStep(work, *c, CaseStep::kApproveAssessment, CivilDayOf("2024-08-19"));
              if (!taken.ok()) return taken;
              return DoneWith(*c);
            }),
            "CASE_ON_HOLD");
  world_.SetClock("2024-08-29 09:00");
  EXPECT_EQ(Try([&](auto& work) { return ResumeCase(work, cases_.Of(id), Holidays()); }), "");
  const Case c = cases_.Read(id);
  EXPECT_EQ(c.held_days, 10);
  EXPECT_EQ(c.due_day, CivilDayOf("2024-09-08"));
  EXPECT_EQ(c.plan_due_day, CivilDayOf("2024-09-30"));  // 09-29 is a Sunday
  EXPECT_EQ(Try([&](auto& work) { return ResumeCase(work, cases_.Of(id), Holidays()); }),
            "CASE_STATE");
}

// What is told of a case after it was held must not have happened while it was.
TEST_F(CaseCommands, AHoldDoesNotBeginBeforeWhatWasDoneLast) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_MONITORING);
  world_.SetClock("2024-08-29 09:00");
  const auto hold = [&](const std::string& from) {
    return Try([&](auto& work) {
      return HoldCase(work, cases_.keys(), cases_.Of(id, from),
                      {.reason = v1::CASE_HOLD_REASON_FAMILY, .until = CivilDayOf("2024-09-10")});
    });
  };
  EXPECT_EQ(Try([&](auto& work) {
              return MonitorCase(work, cases_.keys(), cases_.Of(id, "2024-08-23"), "");
            }),
            "");
  EXPECT_EQ(hold("2024-08-22"), "HOLD_BEFORE_ACT");
  Sessions(world_).Done(id, "2024-08-26 10:00");
  EXPECT_EQ(hold("2024-08-25"), "HOLD_BEFORE_ACT") << "she was seen on the 26th";
  EXPECT_EQ(hold("2024-08-26"), "");
  EXPECT_EQ(Try([&](auto& work) { return ResumeCase(work, cases_.Of(id), Holidays()); }), "");
  EXPECT_EQ(cases_.Read(id).due_day, CivilDayOf("2024-09-25")) << "30 days and 3";
  // Looked after before the hold, recorded behind it: it waited with the case.
  EXPECT_EQ(Try([&](auto& work) {
              return MonitorCase(work, cases_.keys(), cases_.Of(id, "2024-08-24"), "");
            }),
            "");
  EXPECT_EQ(cases_.Read(id).due_day, CivilDayOf("2024-09-26"));
}

// A refusal that comes after everything was decided leaves nothing of what came before it.
TEST_F(CaseCommands, LeaveNothingWhenTheirTransactionEnds) {
  const base::Uuid opened = cases_.Opened();
  const base::Uuid delivered = cases_.CaseIn(v1::CASE_STATE_DELIVERY);
  const std::string all =
      "SELECT md5(concat((SELECT string_agg(c::text, '|' ORDER BY id) FROM casefile c),"
      "(SELECT string_agg(t::text, '|' ORDER BY id) FROM case_task t),"
      "(SELECT count(*) FROM case_transition), (SELECT count(*) FROM case_words),"
      "(SELECT count(*) FROM event_log), (SELECT count(*) FROM participant)))";
  const std::string before = world_.Ask(all);
  const auto broken = [&](ledger::Ledger::UseCase use_case) {
    const auto answer = world_.Do([&](auto& work) -> absl::StatusOr<ledger::Done> {
      const auto done = use_case(work);
      EXPECT_TRUE(done.ok()) << done.status();
      return absl::AbortedError("broken");
    });
    EXPECT_FALSE(answer.ok());
    EXPECT_EQ(world_.Ask(all), before);
  };
  const db::PersonKeys& keys = cases_.keys();
  const CaseInput first = cases_.Of(opened), later = cases_.Of(delivered);
  const base::Uuid person = cases_.Person();
  broken([&](auto& work) { return OpenCase(work, keys, Wish(person), Holidays()); });
  broken([&](auto& work) { return ContactCase(work, keys, first, "words"); });
  broken([&](auto& work) {
    return RejectCase(work, keys, first, v1::CASE_REJECT_REASON_OTHER, "words");
  });
  broken([&](auto& work) { return DeclareCrisis(work, keys, first, "words"); });
  broken([&](auto& work) { return MonitorCase(work, keys, later, "words"); });
  broken([&](auto& work) {
    return HoldCase(work, keys, later,
                    {.reason = v1::CASE_HOLD_REASON_OTHER, .until = CivilDayOf("2024-09-01")});
  });
  broken([&](auto& work) {
    return AskClosure(work, keys, later, cases_.manager,
                      {.reason = v1::CASE_CLOSE_REASON_MOVED, .words = "words"});
  });
  broken([&](auto& work) {
    return ReassignCase(work, later, {.subject = base::Uuid::NewV7(), .manager = person});
  });
}

}  // namespace
}  // namespace ieum::casemgmt::testing
