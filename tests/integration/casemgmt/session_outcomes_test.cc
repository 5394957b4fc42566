// Goal: what became of a session is recorded once, on its day, however late; what was said by
// mistake is taken back before another word; and a run of absences is told of once. Method: the use
// cases on a real database. row:C6 row:C7
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/integration/casemgmt/session_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SessionOutcomes : public ::testing::Test {
 protected:
  base::Uuid AppointmentOf(const base::Uuid& session) { return sessions_.AppointmentOf(session); }
  // "2 of 13, …": how many in a row were told, by the day of the last of them.
  std::string RunsTold(const base::Uuid& of_case) {
    std::string told;
    for (const Told& each : world_.EventsOf(of_case)) {
      if (each.type != "AbsencesRepeated") continue;
      const auto event = each.As<v1::AbsencesRepeated>();
      absl::StrAppend(&told, told.empty() ? "" : ", ", event.absences_in_a_row(), " on ",
                      event.session().service_date());
    }
    return told;
  }

  World world_{"2024-05-10 09:30"};
  Sessions sessions_{world_};
};

TEST_F(SessionOutcomes, TheFirstServiceThatTookPlaceMovesTheCaseOn) {
  const base::Uuid c = sessions_.InCase();
  auto talk = sessions_.PlanOf(c, "2024-05-08 10:00");
  talk.purpose = v1::SESSION_PURPOSE_CONSULTATION;
  const base::Uuid consultation = IdOf(sessions_.Plan(talk));
  IdOf(sessions_.Book(c, consultation));
  IdOf(sessions_.Record(c, consultation));
  EXPECT_EQ(sessions_.CaseState(c), "CASE_STATE_DELIVERY");
  sessions_.Missed(c, "2024-05-09 08:00");
  EXPECT_EQ(sessions_.CaseState(c), "CASE_STATE_DELIVERY");
  sessions_.Done(c, "2024-05-09 10:00");
  EXPECT_EQ(sessions_.CaseState(c), "CASE_STATE_MONITORING");
  EXPECT_EQ(world_.Ask("SELECT day FROM case_transition ORDER BY step DESC LIMIT 1"), "2024-05-09");
  EXPECT_EQ(world_.LastOf(c).As<v1::SessionDone>().case_().state(), v1::CASE_STATE_MONITORING);
  sessions_.Done(c, "2024-05-09 14:00");
  EXPECT_EQ(sessions_.CaseState(c), "CASE_STATE_MONITORING");
}

TEST_F(SessionOutcomes, AWalkInIsBookedForATimeThatHasPassedAndRemindedOfNothing) {
  const base::Uuid c = sessions_.InCase();
  const base::Uuid session = sessions_.Done(c, "2024-05-10 08:00");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM appointment"), "0");
  EXPECT_THAT(world_.EventsOf(AppointmentOf(session)), IsEmpty());
  EXPECT_EQ(sessions_.Read(c, session).session.minutes, 60);
}

TEST_F(SessionOutcomes, RecordingRefusesWhatCannotHaveBeen) {
  const base::Uuid c = sessions_.InCase();
  const base::Uuid planned = sessions_.Planned(c, "2024-05-09 10:00");
  EXPECT_EQ(Reason(sessions_.Record(c, planned)), "SESSION_STATE");
  const base::Uuid next = sessions_.Booked(c, "2024-05-10 10:00");
  EXPECT_EQ(Reason(sessions_.Record(c, next)), "DATE_INVALID");
  EXPECT_EQ(Reason(sessions_.Miss(c, next)), "DATE_INVALID");
  DoneSessionInput early{.outcome = v1::SESSION_OUTCOME_PROGRESS};
  early.start = Korea("2024-03-31 10:00");
  early.end = Korea("2024-03-31 11:00");
  EXPECT_EQ(Reason(sessions_.Record(c, next, early)), "DATE_ORDER");  // before the intake
  EXPECT_EQ(Reason(sessions_.Record(c, base::Uuid::NewV7())), "NOT_FOUND");
  EXPECT_EQ(sessions_.StateOf(c, next), v1::SESSION_STATE_BOOKED);
}

// Ten past midnight on New Year's Day in Korea is the old year in UTC.
TEST_F(SessionOutcomes, CountOnTheDayOnWhichTheyWereHeldInKorea) {
  world_.SetClock("2025-01-02 09:00");
  const base::Uuid c = sessions_.InCase();
  sessions_.Done(c, "2025-01-01 00:10");
  const auto event = world_.LastOf(c).As<v1::SessionDone>();
  EXPECT_EQ(event.session().service_date(), "2025-01-01");
  EXPECT_EQ(world_.Ask("SELECT start_time AT TIME ZONE 'UTC' FROM case_session"),
            "2024-12-31 15:10:00");
}

TEST_F(SessionOutcomes, AnOutcomeThatComesWeeksLaterKeepsBothDays) {
  world_.SetClock("2024-12-20 09:00");
  const base::Uuid c = sessions_.InCase();
  const base::Uuid session = sessions_.Booked(c, "2024-12-23 10:00");
  // Its case was closed since.
  world_.SetClock("2025-01-15 09:00");
  world_.Ask(absl::StrCat("UPDATE casefile SET state = 11, closed_date = '2024-12-30' WHERE id = '",
                          c.ToString(), "' RETURNING 1"));
  IdOf(sessions_.Record(c, session));
  const auto event = world_.LastOf(c).As<v1::SessionDone>();
  EXPECT_EQ(event.session().service_date(), "2024-12-23");
  EXPECT_EQ(event.session().record_date(), "2025-01-15");
  EXPECT_EQ(event.event_date(), "2025-01-15");
  EXPECT_EQ(sessions_.CaseState(c), "CASE_STATE_CLOSED");
  DoneSessionInput late{.outcome = v1::SESSION_OUTCOME_PROGRESS};
  IdOf(sessions_.Retract(c, session));
  late.start = Korea("2024-12-31 10:00");
  late.end = Korea("2024-12-31 11:00");
  EXPECT_EQ(Reason(sessions_.Record(c, session, late)), "DATE_ORDER");  // behind the end
}

TEST_F(SessionOutcomes, ACorrectedOutcomeIsTakenBackFirst) {
  const base::Uuid c = sessions_.InCase();
  const base::Uuid session = sessions_.Done(c, "2024-05-09 10:00");
  EXPECT_EQ(Reason(sessions_.Miss(c, session)), "SESSION_STATE");
  IdOf(sessions_.Retract(c, session));
  const auto back = world_.LastOf(c).As<v1::SessionOutcomeRetracted>();
  EXPECT_EQ(back.retracted_state(), v1::SESSION_STATE_DONE);
  EXPECT_EQ(back.retracted_service_date(), "2024-05-09");
  EXPECT_EQ(back.session().state(), v1::SESSION_STATE_BOOKED);
  EXPECT_EQ(back.session().record_date(), "");
  EXPECT_EQ(back.session().minutes(), 0);
  EXPECT_EQ(back.session().revision(), 2);
  IdOf(sessions_.Miss(c, session));
  EXPECT_EQ(sessions_.Read(c, session).session.revision, 2);
  EXPECT_EQ(sessions_.Count(c, "SessionDone"), 1);
  EXPECT_EQ(sessions_.Count(c, "SessionNoShow"), 1);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consultant_hours"), "0");
}

TEST_F(SessionOutcomes, WhoIsExpectedAnotherTimeAfterAllIsRemindedOfIt) {
  const base::Uuid c = sessions_.InCase();
  const base::Uuid session = sessions_.Booked(c, "2024-05-13 10:00");
  world_.SetClock("2024-05-13 12:00");
  IdOf(sessions_.Miss(c, session));
  IdOf(sessions_.Retract(c, session));
  IdOf(sessions_.Move(c, session,
                      {.start = Korea("2024-05-20 10:00"), .end = Korea("2024-05-20 11:00")}));
  EXPECT_THAT(sessions_.Types(AppointmentOf(session)),
              ElementsAre("AppointmentBooked", "AppointmentMissed", "AppointmentMoved"));
  IdOf(sessions_.Cancel(c, session));
  EXPECT_EQ(sessions_.Types(AppointmentOf(session)).back(), "AppointmentCancelled");
}

TEST_F(SessionOutcomes, ACancellationOfAPastSessionCanBeTakenBackAndKeepsNoReminder) {
  const base::Uuid c = sessions_.InCase();
  const base::Uuid session = sessions_.Booked(c, "2024-05-13 10:00");
  IdOf(sessions_.Cancel(c, session));
  world_.SetClock("2024-05-14 09:00");
  IdOf(sessions_.Retract(c, session));
  IdOf(sessions_.Miss(c, session));
  EXPECT_EQ(sessions_.StateOf(c, session), v1::SESSION_STATE_NO_SHOW);
  EXPECT_THAT(sessions_.Types(AppointmentOf(session)),
              ElementsAre("AppointmentBooked", "AppointmentCancelled"));
}

TEST_F(SessionOutcomes, WhetherSheCameIsTheLastWordOfHerAppointment) {
  const base::Uuid c = sessions_.InCase();
  const base::Uuid session = sessions_.Booked(c, "2024-05-13 10:00");
  world_.SetClock("2024-05-13 12:00");
  IdOf(sessions_.Record(c, session));
  IdOf(sessions_.Retract(c, session));
  IdOf(sessions_.Miss(c, session));
  EXPECT_THAT(sessions_.Types(AppointmentOf(session)),
              ElementsAre("AppointmentBooked", "AppointmentKept", "AppointmentMissed"));
}

TEST_F(SessionOutcomes, AnOutcomeIsATaskUntilItIsRecorded) {
  const base::Uuid c = sessions_.InCase();
  const base::Uuid session = sessions_.Booked(c, "2024-05-13 10:00");
  const auto tasks = [&] {
    return world_.Ask(
        "SELECT string_agg(state || ' ' || due_date, ', ' ORDER BY due_date) FROM "
        "case_task WHERE kind = 15");
  };
  EXPECT_EQ(tasks(), "1 2024-05-20");
  world_.SetClock("2024-05-21 09:00");
  IdOf(sessions_.Record(c, session));
  EXPECT_EQ(tasks(), "2 2024-05-20");
  IdOf(sessions_.Retract(c, session));
  EXPECT_EQ(tasks(), "1 2024-05-28");
  IdOf(sessions_.Cancel(c, session));
  EXPECT_EQ(tasks(), "3 2024-05-28");
}

TEST_F(SessionOutcomes, OfTwoWhoSayWhatBecameAtOnceOneWins) {
  for (int round = 0; round < 8; ++round) {
    const base::Uuid c = sessions_.InCase();
    const base::Uuid session = sessions_.Booked(c, "2024-05-09 10:00");
    std::vector<std::string> reasons(2);
    std::thread done([&] { reasons[0] = Reason(sessions_.Record(c, session)); });
    std::thread cancelled([&] { reasons[1] = Reason(sessions_.Cancel(c, session)); });
    done.join();
    cancelled.join();
    std::sort(reasons.begin(), reasons.end());
    EXPECT_THAT(reasons, ElementsAre("", "SESSION_STATE"));
    EXPECT_EQ(sessions_.Count(c, "SessionDone") + sessions_.Count(c, "SessionCancelled"), 1);
  }
}

TEST_F(SessionOutcomes, TwoAbsencesInARowAreToldOfOnce) {
  const base::Uuid c = sessions_.InCase();
  sessions_.Missed(c, "2024-05-01 10:00");
  EXPECT_EQ(RunsTold(c), "");
  const base::Uuid second = sessions_.Missed(c, "2024-05-02 10:00");
  EXPECT_EQ(RunsTold(c), "2 on 2024-05-02");
  EXPECT_FALSE(world_.LastOf(c).As<v1::AbsencesRepeated>().case_().manager_person_id().empty());
  sessions_.Missed(c, "2024-05-03 10:00");  // the same run
  IdOf(sessions_.Retract(c, second));
  IdOf(sessions_.Miss(c, second));  // and again
  EXPECT_EQ(RunsTold(c), "2 on 2024-05-02");
  sessions_.Done(c, "2024-05-06 10:00");
  sessions_.Missed(c, "2024-05-07 10:00");
  EXPECT_EQ(RunsTold(c), "2 on 2024-05-02");
  sessions_.Missed(c, "2024-05-08 10:00");  // another run
  EXPECT_EQ(RunsTold(c), "2 on 2024-05-02, 2 on 2024-05-08");
}

TEST_F(SessionOutcomes, ARunIsOfTheDaysOfSessionsAndNotOfTheirRecords) {
  const base::Uuid c = sessions_.InCase();
  const base::Uuid between = sessions_.Booked(c, "2024-05-02 10:00");
  sessions_.Missed(c, "2024-05-01 10:00");
  IdOf(sessions_.Record(c, between));
  sessions_.Missed(c, "2024-05-03 10:00");
  EXPECT_EQ(RunsTold(c), "");
  EXPECT_EQ(world_.LastOf(c).As<v1::SessionNoShow>().absences_in_a_row(), 1);
  // One that is told late and lies before the last that took place adds nothing.
  sessions_.Missed(c, "2024-04-30 10:00");
  EXPECT_EQ(RunsTold(c), "");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
