// Goal: the doors of sessions and notes say what the contract promises, to those who may hear it.
// Method: real calls to a real server over a real database, by role. row:C6 row:C36
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/access/subject_id.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "tests/integration/casemgmt/case_world.h"
#include "tests/integration/casemgmt/served.h"
#include "tests/integration/casemgmt/session_world.h"
#include "tests/support/centres.h"
#include "tests/support/list_plans.h"

namespace ieum::casemgmt::testing {
namespace {

using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kWords[] = "그날 들은 이야기";

class SessionDoors : public ::testing::Test {
 protected:
  SessionDoors() {
    case_ = sessions_.InCase({.centre = base::Uuid::Parse(kCentreA),
                              .manager_subject = access::SubjectId(kCaseManager)});
  }
  World& world() { return served_.world(); }

  v1::PlanSessionRequest Wanted() {
    v1::PlanSessionRequest request;
    request.set_parent("cases/" + case_.ToString());
    request.set_type(v1::SESSION_TYPE_GRIEVANCE);
    request.set_channel(v1::SESSION_CHANNEL_VISIT);
    *request.mutable_start_time() = base::ToTimestamp(Korea("2024-05-13 10:00"));
    *request.mutable_end_time() = base::ToTimestamp(Korea("2024-05-13 10:50"));
    request.set_provider("persons/" + base::Uuid::NewV7().ToString());
    request.add_participants(v1::SESSION_PARTICIPANT_EXPERT);
    request.set_goal(kWords);
    return request;
  }
  v1::Session Made() {
    v1::Session session;
    const absl::Status made =
        served_.CallAs(kCaseManagerToken, "SessionService/PlanSession", Wanted(), &session);
    EXPECT_TRUE(made.ok()) << made;
    return session;
  }
  v1::SessionNote Noted(const std::string& session, v1::NoteSensitivity sensitivity) {
    v1::AddSessionNoteRequest request;
    request.set_parent(session);
    request.set_text(kWords);
    request.set_sensitivity(sensitivity);
    v1::SessionNote note;
    const absl::Status added =
        served_.CallAs(kCaseManagerToken, "SessionService/AddSessionNote", request, &note);
    EXPECT_TRUE(added.ok()) << added;
    return note;
  }
  // The text that the caller reads, or the reason why not.
  std::string ReadAs(const std::string& token, const std::string& note) {
    v1::ReadSessionNoteRequest request;
    request.set_name(note);
    v1::SessionNote read;
    const absl::Status status =
        served_.CallAs(token, "SessionService/ReadSessionNote", request, &read);
    return status.ok() ? read.text() : base::ReasonOf(status);
  }
  template <class Request>
  std::string Reason(const std::string& method, const Request& request,
                     const std::string& token = kCaseManagerToken) {
    v1::Session session;
    return base::ReasonOf(served_.CallAs(token, "SessionService/" + method, request, &session));
  }

  Served served_{"2024-05-10 09:30"};
  Sessions sessions_{served_.world()};
  base::Uuid case_;
};

TEST_F(SessionDoors, ShowASessionWhole) {
  const v1::Session made = Made();
  EXPECT_THAT(made.name(), HasSubstr("cases/" + case_.ToString() + "/sessions/"));
  EXPECT_EQ(made.state(), v1::SESSION_STATE_PLANNED);
  EXPECT_EQ(made.service_date(), "2024-05-13");
  EXPECT_EQ(made.goal(), kWords);
  EXPECT_EQ(made.participants(0), v1::SESSION_PARTICIPANT_EXPERT);
  EXPECT_EQ(made.purpose(), v1::SESSION_PURPOSE_SERVICE);
  EXPECT_EQ(made.revision(), 1);
  v1::BookSessionRequest book;
  book.set_name(made.name());
  book.set_etag(made.etag());
  book.set_ownership_epoch(1);
  v1::Session session;
  ASSERT_TRUE(served_.CallAs(kCaseManagerToken, "SessionService/BookSession", book, &session).ok());
  EXPECT_EQ(session.state(), v1::SESSION_STATE_BOOKED);
  EXPECT_THAT(session.appointment(), HasSubstr("appointments/"));
  EXPECT_EQ(Reason("BookSession", book), "STALE_ETAG");
  world().SetClock("2024-05-13 11:00");
  v1::RecordSessionRequest done;
  done.set_name(made.name());
  done.set_outcome(v1::SESSION_OUTCOME_GOAL_MET);
  done.set_minutes(45);
  done.set_next_date("2024-05-27");
  ASSERT_TRUE(
      served_.CallAs(kCaseManagerToken, "SessionService/RecordSession", done, &session).ok());
  EXPECT_EQ(session.state(), v1::SESSION_STATE_DONE);
  EXPECT_EQ(session.minutes(), 45);
  EXPECT_EQ(session.next_date(), "2024-05-27");
  EXPECT_EQ(session.record_date(), "2024-05-13");
}

TEST_F(SessionDoors, RefuseWhatIsBadWithNothingHalfDone) {
  const int64_t before = world().EventCount();
  auto request = Wanted();
  request.clear_type();
  EXPECT_EQ(Reason("PlanSession", request), "INVALID_FIELD");
  request = Wanted();
  request.set_goal("900101-1234567 번");
  EXPECT_EQ(Reason("PlanSession", request), "RESIDENT_NUMBER");
  request = Wanted();
  request.clear_end_time();
  EXPECT_EQ(Reason("PlanSession", request), "INVALID_FIELD");
  request = Wanted();
  request.set_provider("staff/kim");
  EXPECT_EQ(Reason("PlanSession", request), "INVALID_FIELD");
  EXPECT_EQ(Reason("PlanSession", Wanted(), kAuditorToken), "PERMISSION_DENIED");
  EXPECT_EQ(world().EventCount(), before);
  EXPECT_EQ(world().Ask("SELECT count(*) FROM case_session"), "0");
}

// Words are nowhere in the clear: not in rows, not in events. law:L22
TEST_F(SessionDoors, KeepWordsSealed) {
  const v1::Session made = Made();
  Noted(made.name(), v1::NOTE_SENSITIVITY_CONFIDENTIAL);
  for (const char* rows : {"case_session", "session_note", "event_log", "command_dedup"}) {
    EXPECT_EQ(world().Ask(absl::StrCat("SELECT count(*) FROM ", rows, " r WHERE r::text LIKE '%",
                                       kWords, "%' OR r::text LIKE '%' || encode(convert_to('",
                                       kWords, "', 'UTF8'), 'hex') || '%'")),
              "0")
        << rows;
  }
  for (const Told& told : world().EventsOf(case_)) {
    EXPECT_THAT(told.payload, Not(HasSubstr(kWords)));
  }
}

// row:C36 law:L17
TEST_F(SessionDoors, AreForWhoManagesTheCaseAndForTheSupervisor) {
  const v1::Session made = Made();
  const std::string note = Noted(made.name(), v1::NOTE_SENSITIVITY_CONFIDENTIAL).name();
  EXPECT_EQ(ReadAs(kCaseManagerToken, note), kWords);
  EXPECT_EQ(ReadAs(kSupervisorToken, note), kWords);
  EXPECT_EQ(ReadAs(kOtherCaseManagerToken, note), "NOT_FOUND");
  EXPECT_EQ(ReadAs("centre-b", note), "NOT_FOUND");
  EXPECT_EQ(ReadAs(kCentreHeadToken, note), "PERMISSION_DENIED");
  EXPECT_EQ(ReadAs(kAuditorToken, note), "PERMISSION_DENIED");
  v1::GetSessionRequest get;
  get.set_name(made.name());
  EXPECT_EQ(Reason("GetSession", get, kSupervisorToken), "");
  EXPECT_EQ(Reason("GetSession", get, kOtherCaseManagerToken), "NOT_FOUND");
  EXPECT_EQ(Reason("GetSession", get, kCentreHeadToken), "PERMISSION_DENIED");
  EXPECT_EQ(Reason("GetSession", get, kAuditorToken), "PERMISSION_DENIED");
  EXPECT_EQ(Reason("PlanSession", Wanted(), kOtherCaseManagerToken), "NOT_FOUND");
  EXPECT_EQ(
      world().Ask(absl::StrCat("SELECT count(DISTINCT account) FROM access_log WHERE method LIKE "
                               "'%ReadSessionNote' AND outcome = 'OK' AND 'persons/",
                               sessions_.PersonOf(case_).ToString(), "' = ANY(subjects)")),
      "2");
}

TEST_F(SessionDoors, OpenNotesOfCounsellingToWhoMayReadThose) {
  const v1::Session made = Made();
  const std::string note = Noted(made.name(), v1::NOTE_SENSITIVITY_PSYCHOLOGICAL).name();
  EXPECT_EQ(ReadAs(kCaseManagerToken, note), kWords);
  EXPECT_EQ(ReadAs(kSupervisorToken, note), kWords);
  EXPECT_EQ(ReadAs(kOtherCaseManagerToken, note), "NOT_FOUND");
}

TEST_F(SessionDoors, ListNotesWithoutTheirTextsAndCorrectEachOnce) {
  const v1::Session made = Made();
  const v1::SessionNote first = Noted(made.name(), v1::NOTE_SENSITIVITY_ORDINARY);
  EXPECT_EQ(first.text(), "");
  v1::AddSessionNoteRequest correction;
  correction.set_parent(made.name());
  correction.set_text("다시 쓴 말");
  correction.set_sensitivity(v1::NOTE_SENSITIVITY_ORDINARY);
  correction.set_corrects(first.name());
  v1::SessionNote second;
  ASSERT_TRUE(
      served_.CallAs(kCaseManagerToken, "SessionService/AddSessionNote", correction, &second).ok());
  EXPECT_EQ(Reason("AddSessionNote", correction), "NOTE_CORRECTED_ALREADY");
  correction.set_corrects(made.name() + "/notes/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(Reason("AddSessionNote", correction), "NOT_FOUND");
  correction.set_corrects(Made().name() + "/notes/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(Reason("AddSessionNote", correction), "INVALID_FIELD");
  v1::ListSessionNotesRequest list;
  list.set_parent(made.name());
  v1::ListSessionNotesResponse notes;
  ASSERT_TRUE(
      served_.CallAs(kCaseManagerToken, "SessionService/ListSessionNotes", list, &notes).ok());
  ASSERT_EQ(notes.notes_size(), 2);
  EXPECT_EQ(notes.notes(0).corrected_by(), second.name());
  EXPECT_EQ(notes.notes(1).corrects(), first.name());
  EXPECT_THAT(notes.SerializeAsString(), Not(HasSubstr(kWords)));
  EXPECT_EQ(ReadAs(kCaseManagerToken, first.name()), kWords);  // what was corrected stays
  ASSERT_TRUE(
      served_.CallAs(kOtherCaseManagerToken, "SessionService/ListSessionNotes", list, &notes).ok());
  EXPECT_THAT(notes.notes(), IsEmpty());
}

// law:L14
TEST_F(SessionDoors, SayWhatWasErasedWithThePerson) {
  const v1::Session made = Made();
  const std::string note = Noted(made.name(), v1::NOTE_SENSITIVITY_CONFIDENTIAL).name();
  const base::Uuid booked = sessions_.Booked(case_, "2024-05-14 10:00");
  Cases(world()).Erase(sessions_.PersonOf(case_));
  v1::GetSessionRequest get;
  get.set_name(made.name());
  v1::Session session;
  ASSERT_TRUE(served_.CallAs(kSupervisorToken, "SessionService/GetSession", get, &session).ok());
  EXPECT_TRUE(session.words_erased());
  EXPECT_EQ(session.goal(), "");
  EXPECT_EQ(session.service_date(), "2024-05-13");  // what counts stays
  v1::ReadSessionNoteRequest read;
  read.set_name(note);
  v1::SessionNote opened;
  ASSERT_TRUE(
      served_.CallAs(kSupervisorToken, "SessionService/ReadSessionNote", read, &opened).ok());
  EXPECT_TRUE(opened.words_erased());
  EXPECT_EQ(opened.text(), "");
  const auto told = world().LastOf(sessions_.AppointmentOf(booked));
  EXPECT_EQ(told.type, "AppointmentAnonymised");
  EXPECT_EQ(told.As<v1::AppointmentAnonymised>().appointment().person_id(), "");
  EXPECT_EQ(world().Ask("SELECT count(*) FROM appointment WHERE person_id IS NOT NULL"), "0");
}

// row:C7
TEST_F(SessionDoors, SumUpWhatBecameOfTheSessionsOfACase) {
  sessions_.Booked(case_, "2024-05-20 10:00");
  sessions_.Done(case_, "2024-05-02 10:00");
  sessions_.Missed(case_, "2024-05-03 10:00");
  sessions_.Missed(case_, "2024-05-06 10:00");
  IdOf(sessions_.Cancel(case_, sessions_.Planned(case_, "2024-05-21 10:00")));
  v1::SummarizeSessionsRequest request;
  request.set_parent("cases/" + case_.ToString());
  v1::SummarizeSessionsResponse summary;
  ASSERT_TRUE(
      served_.CallAs(kCaseManagerToken, "SessionService/SummarizeSessions", request, &summary)
          .ok());
  EXPECT_EQ(summary.open_count(), 1);
  EXPECT_EQ(summary.done_count(), 1);
  EXPECT_EQ(summary.done_minutes(), 60);
  EXPECT_EQ(summary.no_show_count(), 2);
  EXPECT_EQ(summary.unexcused_count(), 2);
  EXPECT_EQ(summary.cancelled_count(), 1);
  EXPECT_EQ(summary.absences_in_a_row(), 2);
  EXPECT_EQ(summary.last_done_date(), "2024-05-02");
  EXPECT_EQ(Reason("SummarizeSessions", request, kOtherCaseManagerToken), "NOT_FOUND");
}

TEST_F(SessionDoors, ListByCaseProviderDayAndState) {
  const base::Uuid provider = base::Uuid::NewV7();
  const base::Uuid other = sessions_.InCase({.centre = base::Uuid::Parse(kCentreB)});
  sessions_.Booked(case_, "2024-05-13 10:00", provider);
  sessions_.Booked(case_, "2024-05-20 10:00");
  sessions_.Booked(other, "2024-05-14 10:00", provider);
  const auto days = [&](const std::string& token, const std::string& parent,
                        const std::string& filter) {
    v1::ListSessionsRequest request;
    request.set_parent(parent);
    request.set_filter(filter);
    request.set_order_by("service_date");
    v1::ListSessionsResponse page;
    const absl::Status read = served_.CallAs(token, "SessionService/ListSessions", request, &page);
    EXPECT_TRUE(read.ok()) << read;
    std::string found;
    for (const auto& each : page.sessions()) absl::StrAppend(&found, each.service_date(), " ");
    return found;
  };
  const std::string of_provider = absl::StrCat("provider = \"persons/", provider.ToString(), "\"");
  EXPECT_EQ(days(kCaseManagerToken, "cases/" + case_.ToString(), ""), "2024-05-13 2024-05-20 ");
  EXPECT_EQ(days(kCaseManagerToken, "cases/-", of_provider), "2024-05-13 ");
  EXPECT_EQ(days(kManagerToken, "cases/-", of_provider), "2024-05-13 2024-05-14 ");
  EXPECT_EQ(days(kManagerToken, "cases/-", "service_date >= \"2024-05-14\""),
            "2024-05-14 2024-05-20 ");
  EXPECT_EQ(days(kManagerToken, "cases/-", "state = SESSION_STATE_DONE"), "");
  EXPECT_EQ(days(kOtherCaseManagerToken, "cases/-", ""), "");
  EXPECT_EQ(days("centre-b", "cases/" + case_.ToString(), ""), "");
}

// A case with 500 sessions among many is read by its index, and nothing of the others is.
TEST_F(SessionDoors, ReadACaseOfManySessionsByItsIndex) {
  world().Ask(absl::StrCat(
      "WITH made AS (INSERT INTO case_session (id, case_id, type, purpose, channel, state, "
      "start_time, end_time, service_date, provider_id, participants, urgent, created_at, "
      "updated_at) SELECT gen_random_uuid(), c.id, 1, 2, 4, 3, t, t + interval '1 hour', "
      "t::date, gen_random_uuid(), '{}', false, now(), now() FROM (SELECT '",
      case_.ToString(), "'::uuid AS id, 500 AS many UNION ALL SELECT '",
      sessions_.InCase().ToString(),
      "', 40000) c CROSS JOIN LATERAL (SELECT timestamptz "
      "'2024-04-01 01:00Z' + n * interval '1 hour' AS t FROM generate_series(1, c.many) n) x "
      "RETURNING 1) SELECT count(*) FROM made"));
  world().Ask("ANALYZE");
  auto query = ieum::testing::FirstPage(SessionList(), base::Scope::Everywhere());
  WhereReach(query, "c", Reach::Everything());
  query.Where("s.case_id = {}::uuid", {case_.ToString()});
  EXPECT_THAT(ieum::testing::PlanOf(world().database(), query), HasSubstr("case_session_case"));
  ASSERT_GT(std::stoi(world().Ask("SELECT relpages FROM pg_class WHERE relname = 'case_session'")),
            500);
  EXPECT_LT(ieum::testing::PagesOf(world().database(), query), 100);
  auto of_provider =
      ieum::testing::FirstPage(SessionList(), base::Scope::Everywhere(),
                               absl::StrCat("provider = \"persons/", base::Uuid::NewV7().ToString(),
                                            "\" AND service_date >= \"2024-05-01\""));
  WhereReach(of_provider, "c", Reach::Everything());
  EXPECT_THAT(ieum::testing::PlanOf(world().database(), of_provider),
              HasSubstr("case_session_provider"));
  v1::ListSessionsRequest request;
  request.set_parent("cases/" + case_.ToString());
  request.set_page_size(500);
  v1::ListSessionsResponse page;
  ASSERT_TRUE(
      served_.CallAs(kCaseManagerToken, "SessionService/ListSessions", request, &page).ok());
  EXPECT_EQ(page.sessions_size(), 500);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
