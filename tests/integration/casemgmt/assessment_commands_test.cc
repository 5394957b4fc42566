// Goal: assessments begin, decide and change a case as the contract says, every one is kept, and a
// refusal leaves nothing behind. Method: the use cases over a real database. row:C2 row:C5
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "services/casemgmt/assessments/instrument_store.h"
#include "tests/integration/casemgmt/plan_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::HasSubstr;

class AssessmentCommands : public ::testing::Test {
 protected:
  std::vector<std::string> TypesOf(const base::Uuid& id) {
    std::vector<std::string> types;
    for (const Told& told : world_.EventsOf(id)) types.push_back(told.type);
    return types;
  }
  template <class E>
  E Told1(const base::Uuid& id) {
    for (const Told& told : world_.EventsOf(id)) {
      if (told.type == E::descriptor()->name()) return told.As<E>();
    }
    ADD_FAILURE() << "nobody told " << E::descriptor()->name();
    return E();
  }
  base::Uuid Instrument2() {
    return IdOf(world_.Do([&](auto& work) {
      casemgmt::Instrument next{.code = kRiskInstrument, .label = "개정 조사지"};
      next.full = base::Decimal(8);
      next.factors = {{.code = "RF02"}, {.code = "RF07", .weight = base::Decimal(2)}};
      return MakeInstrument(work, next, std::nullopt);
    }));
  }

  World world_{"2024-03-05 10:00"};
  Cases cases_{world_};
  Plans plans_{cases_};
};

TEST_F(AssessmentCommands, BeginTheAssessmentOfACaseThatWasTakenIn) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  const base::Uuid recorded = plans_.Recorded(id, "RF02 4, RF07 4, RF10 4");
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_ASSESSMENT);
  EXPECT_EQ(cases_.Read(id).risk_level, v1::RISK_LEVEL_HIGH);
  EXPECT_EQ(cases_.Read(id).primary_factor, "RF02");
  const AssessmentView view = plans_.Assessment(id, recorded);
  EXPECT_EQ(view.assessment.score, "50.00");
  EXPECT_EQ(view.assessment.version, 1);
  EXPECT_EQ(view.assessment.needs, "a place in a nursery");
  EXPECT_EQ(view.assessment.severities.size(), 3u);
  const auto event = Told1<v1::CaseAssessed>(id);
  EXPECT_EQ(event.assessment().instrument_code(), "RISK");
  EXPECT_EQ(event.assessment().instrument_version(), 1);
  EXPECT_EQ(event.assessment().score(), "50.00");
  EXPECT_EQ(event.severities_size(), 3);
  EXPECT_EQ(event.case_().state(), v1::CASE_STATE_ASSESSMENT);
  EXPECT_EQ(event.case_().risk_level(), v1::RISK_LEVEL_HIGH);
}

TEST_F(AssessmentCommands, LeadToTheConferenceOnceAnotherPersonApproves) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  const base::Uuid recorded = plans_.Recorded(id);
  EXPECT_EQ(Reason(plans_.TryApprove(id, recorded, cases_.manager)), "APPROVER_IS_AUTHOR");
  const Staff second_account{base::Uuid::NewV7(), cases_.manager.person};
  EXPECT_EQ(Reason(plans_.TryApprove(id, recorded, second_account)), "APPROVER_IS_AUTHOR");
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_ASSESSMENT);
  IdOf(plans_.TryApprove(id, recorded, cases_.supervisor));
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_CONFERENCE);
  EXPECT_EQ(plans_.Assessment(id, recorded).assessment.decider, cases_.supervisor.subject);
  EXPECT_EQ(Told1<v1::CaseAssessmentApproved>(id).approved_date(), "2024-03-05");
  EXPECT_EQ(Reason(plans_.TryApprove(id, recorded, cases_.supervisor)), "ASSESSMENT_STATE");
  EXPECT_EQ(Reason(plans_.TryRecord(plans_.Wanted(id, "RF02 1"))), "CASE_STATE");
}

TEST_F(AssessmentCommands, AreReturnedWithACommentAndRecordedAnew) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  const base::Uuid first = plans_.Recorded(id, "RF02 4");
  EXPECT_EQ(Reason(plans_.TryRecord(plans_.Wanted(id, "RF02 1"))), "ASSESSMENT_STATE")
      << "one at a time waits";
  EXPECT_EQ(Reason(plans_.TryReturn(id, first, cases_.manager)), "APPROVER_IS_AUTHOR");
  IdOf(plans_.TryReturn(id, first, cases_.supervisor, "ask for the hours, too"));
  EXPECT_EQ(plans_.Assessment(id, first).assessment.return_comment, "ask for the hours, too");
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_ASSESSMENT);
  const base::Uuid second = plans_.Assessed(id, "RF02 4, RF06 3");
  EXPECT_EQ(plans_.Assessment(id, second).assessment.version, 2);
  EXPECT_EQ(plans_.Assessment(id, first).assessment.state, v1::ASSESSMENT_STATE_RETURNED);
  EXPECT_THAT(TypesOf(id), ::testing::IsSupersetOf({"CaseAssessed", "CaseAssessmentReturned",
                                                    "CaseAssessmentApproved"}));
}

TEST_F(AssessmentCommands, TellACrisisAtOnce) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  auto input = plans_.Wanted(id, "RF07 4");
  input.answers.level = v1::RISK_LEVEL_CRISIS;
  EXPECT_EQ(Reason(plans_.TryRecord(input)), "OVERRIDE_REASON_MISSING");
  input.answers.override_reason = "she was threatened";
  const base::Uuid recorded = IdOf(plans_.TryRecord(input));
  EXPECT_EQ(plans_.Assessment(id, recorded).assessment.override_reason, "she was threatened");
  const auto changed = Told1<v1::CaseRiskChanged>(id);
  EXPECT_TRUE(changed.crisis_begun());
  EXPECT_EQ(changed.case_().supervisor_person_id(), cases_.supervisor.person->ToString());
  // A return does not lower the alarm.
  IdOf(plans_.TryReturn(id, recorded, cases_.supervisor));
  EXPECT_EQ(cases_.Read(id).risk_level, v1::RISK_LEVEL_CRISIS);
}

// law:L09
TEST_F(AssessmentCommands, NeedHerConsentForWhatIsAboutHerHealth) {
  const base::Uuid person = cases_.Person();
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE, {.person = person});
  const int64_t before = world_.EventCount();
  const auto refused = plans_.TryRecord(plans_.Wanted(id, "RF02 2, RF08 3"));
  EXPECT_EQ(Reason(refused), "SENSITIVE_CONSENT_MISSING");
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("RF08"));
  EXPECT_EQ(world_.EventCount(), before);
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_INTAKE) << "nothing half done";
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM assessment"), "0");
  cases_.Consent(person, registry::v1::CONSENT_PURPOSE_SENSITIVE);
  const base::Uuid recorded = plans_.Recorded(id, "RF02 2, RF08 3");
  IdOf(plans_.TryReturn(id, recorded, cases_.supervisor));
  cases_.Consent(person, registry::v1::CONSENT_PURPOSE_SENSITIVE, false);
  EXPECT_EQ(Reason(plans_.TryRecord(plans_.Wanted(id, "RF13 1"))), "SENSITIVE_CONSENT_MISSING");
}

TEST_F(AssessmentCommands, AreRefusedWithNothingHalfDone) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  const int64_t before = world_.EventCount();
  EXPECT_EQ(Reason(plans_.TryRecord(plans_.Wanted(id, "RF99 2"))), "FACTOR_INVALID");
  EXPECT_EQ(Reason(plans_.TryRecord(plans_.Wanted(id, "RF02 2, RF02 1"))), "FACTOR_INVALID");
  EXPECT_EQ(Reason(plans_.TryRecord(plans_.Wanted(id, "RF02 2", "2024-03-06"))), "DATE_INVALID");
  EXPECT_EQ(Reason(plans_.TryRecord(plans_.Wanted(id, "RF02 2", "2024-03-01"))), "DATE_ORDER");
  auto input = plans_.Wanted(id, "RF02 2");
  input.instrument_id = base::Uuid::NewV7();
  EXPECT_EQ(Reason(plans_.TryRecord(input)), "INSTRUMENT_UNKNOWN");
  input = plans_.Wanted(id, "RF02 2");
  input.of.etag = "\"1\"";
  EXPECT_EQ(Reason(plans_.TryRecord(input)), "STALE_ETAG");
  input.of.etag.clear();
  input.of.ownership_epoch = 7;
  EXPECT_EQ(Reason(plans_.TryRecord(input)), "OWNERSHIP_MOVED");
  input.of.ownership_epoch = 0;
  input.of.reach = {};
  EXPECT_EQ(Reason(plans_.TryRecord(input)), "NOT_FOUND") << "whoever does not see it";
  EXPECT_EQ(Reason(plans_.TryRecord(plans_.Wanted(cases_.Opened(), "RF02 2"))), "CASE_STATE");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM assessment"), "0");
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_INTAKE);
  EXPECT_GT(world_.EventCount(), before) << "of the other case alone";
  const base::Uuid recorded = plans_.Recorded(id);
  cases_.Hold(id, "2024-03-20");
  EXPECT_EQ(Reason(plans_.TryApprove(id, recorded, cases_.supervisor)), "CASE_ON_HOLD");
  EXPECT_EQ(Reason(plans_.TryReturn(id, recorded, cases_.supervisor)), "CASE_ON_HOLD");
  EXPECT_EQ(Reason(plans_.TryApprove(id, base::Uuid::NewV7(), cases_.supervisor)), "NOT_FOUND");
}

TEST_F(AssessmentCommands, AssessAgainFromDeliveryAndCompareTheFirstWithTheLast) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  plans_.Assessed(id, "RF02 4, RF07 4, RF10 4");
  plans_.Classified(id);
  plans_.Signed(id, {"2024-04-01"});
  world_.SetClock("2024-06-05 10:00");
  const base::Uuid again = plans_.Recorded(id, "RF02 2, RF10 1");
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_REASSESSMENT);
  EXPECT_TRUE(plans_.Assessment(id, again).assessment.reassessment);
  IdOf(plans_.TryApprove(id, again, cases_.supervisor));
  EXPECT_EQ(cases_.Read(id).state, v1::CASE_STATE_REASSESSMENT) << "a reassessment stays one";
  std::vector<AssessmentView> compared;
  ASSERT_TRUE(world_.database()
                  .Read("test_compare",
                        [&](db::Tx& tx) -> absl::Status {
                          ASSIGN_OR_RETURN(compared, ReadFirstAndLast(tx, cases_.keys(),
                                                                      Reach::Everything(), id));
                          return absl::OkStatus();
                        })
                  .ok());
  ASSERT_EQ(compared.size(), 2u);
  EXPECT_EQ(compared[0].assessment.score, "50.00");
  EXPECT_EQ(compared[1].assessment.score, "12.50");
  EXPECT_EQ(ScoreChange(compared[0].assessment.score, compared[1].assessment.score), "-37.50");
  EXPECT_EQ(cases_.Read(id).risk_level, v1::RISK_LEVEL_LOW);
}

// row:C2 A case keeps the instrument that it was assessed with.
TEST_F(AssessmentCommands, KeepTheInstrumentOfTheCase) {
  const base::Uuid before = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  const base::Uuid first = plans_.Recorded(before, "RF02 2");
  IdOf(plans_.TryReturn(before, first, cases_.supervisor));
  const base::Uuid next = Instrument2();
  EXPECT_EQ(world_.LastOf(next).As<v1::InstrumentVersioned>().version(), 2);
  const base::Uuid second = plans_.Recorded(before, "RF02 2");
  EXPECT_EQ(plans_.Assessment(before, second).assessment.instrument_version, 1);
  EXPECT_EQ(plans_.Assessment(before, second).assessment.score, "8.33");
  const base::Uuid after = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  const base::Uuid measured = plans_.Recorded(after, "RF02 2, RF07 1");
  EXPECT_EQ(plans_.Assessment(after, measured).assessment.instrument_version, 2);
  EXPECT_EQ(plans_.Assessment(after, measured).assessment.score, "50.00");
  EXPECT_EQ(Reason(plans_.TryRecord(plans_.Wanted(cases_.CaseIn(v1::CASE_STATE_INTAKE), "RF09 1"))),
            "FACTOR_INVALID")
      << "version 2 does not ask for it";
}

TEST_F(AssessmentCommands, RefuseAnInstrumentThatMeasuresNothing) {
  const auto make = [&](casemgmt::Instrument wished, const std::optional<base::Uuid>& id) {
    return world_.Do([&](auto& work) { return MakeInstrument(work, wished, id); });
  };
  casemgmt::Instrument wished{
      .code = "OTHER", .label = "다른 조사지", .factors = {{.code = "RF01"}}};
  wished.full = base::Decimal(0);
  EXPECT_EQ(Reason(make(wished, std::nullopt)), "INSTRUMENT_INVALID");
  wished.full = base::Decimal(4);
  const base::Uuid id = IdOf(make(wished, std::nullopt));
  EXPECT_EQ(Reason(make(wished, id)), "ID_TAKEN");
  EXPECT_EQ(
      world_.Ask("SELECT string_agg(version::text, ' ') FROM instrument WHERE code = 'OTHER'"),
      "1");
}

TEST_F(AssessmentCommands, LetTheWordsGoWithThePerson) {
  const base::Uuid person = cases_.Person();
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE, {.person = person});
  const base::Uuid recorded = plans_.Recorded(id, "RF02 4");
  cases_.Erase(person);
  const AssessmentView view = plans_.Assessment(id, recorded);
  EXPECT_TRUE(view.anonymised);
  EXPECT_EQ(view.assessment.needs, "");
  EXPECT_EQ(view.assessment.score, "16.67") << "codes stay";
}

TEST_F(AssessmentCommands, AreTheSameWhenARequestIsRepeated) {
  const base::Uuid id = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  const base::Uuid request = base::Uuid::NewV7();
  const auto record = [&] {
    return world_.DoAs(request, "body", [&](auto& work) {
      return RecordAssessment(work, cases_.keys(), plans_.Wanted(id, "RF02 4"));
    });
  };
  const base::Uuid first = IdOf(record());
  const int64_t events = world_.EventCount();
  EXPECT_EQ(IdOf(record()), first);
  EXPECT_EQ(world_.EventCount(), events);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM assessment"), "1");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
