// Goal: what was known at an instant is answered as it was then, and what is told anew or turns out
// to be of one person counts as it holds now. Method: events as casemgmt tells them, definitions as
// scenarios/inc-2024 has them.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/integration/reporting/incheon_figures.h"

namespace ieum::reporting {
namespace {

using KnownThen = IncheonFigures;

// row:R22
TEST_F(KnownThen, AnswerWhatWasKnownThen) {
  Define("A15", Completers());
  Add("training/1", Held("1", 10, "2024-05-02"));
  const absl::Time then = Now();
  Add("training/1", Recounted("1", 12, "2024-05-02"));
  Add("training/2", Held("2", 20, "2024-04-01"));
  const absl::Time now = Now();
  Consume();
  EXPECT_EQ(Figure("A15").actual(), "32");
  EXPECT_FALSE(Figure("A15").has_known_time());
  const v1::Metric known = Figure("A15", {"", then});
  EXPECT_EQ(known.actual(), "10");
  EXPECT_EQ(known.known_time().seconds(), absl::ToUnixSeconds(then));
  EXPECT_EQ(Figure("A15", {"", now}).actual(), "32") << "what is of this very instant is in";
  EXPECT_EQ(Figure("A15", {"", then - absl::Seconds(1)}).actual(), "0");
}

// A08: a token that turned out to be another one of the same person is the same participant.
TEST_F(KnownThen, CountAParticipantOnceUnderHoweverManyTokens) {
  v1::Indicator persons = Named("윙크링크 참여자", v1::AGGREGATION_COUNT_DISTINCT);
  *persons.add_sources() = Source("CaseTakenIn", "case.participant_id", "case.intake_date", "case");
  Define("A08", persons);
  for (const char* person : {"kim", "lee", "choi"}) {
    casemgmt::CaseTakenIn event;
    event.mutable_case_()->set_programme("INC");
    event.mutable_case_()->set_edition("2024");
    event.mutable_case_()->set_participant_id(TestId(person).ToString());
    event.mutable_case_()->set_intake_date("2024-02-05");
    Add(absl::StrCat("case/", person), event);
  }
  const absl::Time apart = Now();
  casemgmt::ParticipantsJoined joined;
  joined.set_participant_id(TestId("lee").ToString());
  joined.set_joined_participant_id(TestId("kim").ToString());
  joined.set_joining_id(TestId("joining").ToString());
  Add("lee", joined);
  const absl::Time together = Now();
  Consume();
  EXPECT_EQ(Figure("A08").actual(), "2");
  EXPECT_EQ(Figure("A08", {"", apart}).actual(), "3") << "nobody knew it then";
  casemgmt::ParticipantsParted parted;
  parted.set_participant_id(TestId("lee").ToString());
  parted.set_joined_participant_id(TestId("kim").ToString());
  parted.set_joining_id(TestId("joining").ToString());
  Add("lee", parted);
  Consume();
  EXPECT_EQ(Figure("A08").actual(), "3");
  EXPECT_EQ(Figure("A08", {"", together}).actual(), "2") << "what was believed then";
}

// A09: a session whose outcome was recorded by mistake counts no more, and counts again when it is
// recorded anew, in whichever order that comes.
TEST_F(KnownThen, CountWhatIsToldAnewAfterItWasTakenBack) {
  v1::Indicator sessions = Named("윙크링크 상담", v1::AGGREGATION_COUNT_DISTINCT);
  v1::SourceRule& source = *sessions.add_sources();
  source = Source("SessionDone", "session.session_id", "session.service_date", "case");
  source.set_instance_key("session.session_id");
  v1::RetractionRule& retraction = *source.add_retractions();
  retraction.set_event_type("ieum.casemgmt.v1.SessionOutcomeRetracted");
  retraction.set_instance_key("session.session_id");
  retraction.set_date_field("retracted_service_date");
  retraction.set_earlier_only(true);
  Define("A09", sessions);
  const auto told = [&]<class Event>(Event event, const std::string& session) {
    event.mutable_case_()->set_programme("INC");
    event.mutable_case_()->set_edition("2024");
    event.mutable_session()->set_session_id(TestId(session).ToString());
    event.mutable_session()->set_service_date("2024-05-02");
    Add("case/kim", event);
  };
  casemgmt::SessionOutcomeRetracted mistake;
  mistake.set_retracted_service_date("2024-05-02");
  told(casemgmt::SessionDone(), "1");
  told(casemgmt::SessionDone(), "2");
  told(mistake, "1");
  const absl::Time taken_back = Now();
  told(casemgmt::SessionDone(), "1");
  ConsumeShuffled(11);
  EXPECT_EQ(Figure("A09").actual(), "2");
  EXPECT_EQ(Figure("A09", {"", taken_back}).actual(), "1");
}

}  // namespace
}  // namespace ieum::reporting
