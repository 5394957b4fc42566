// Goal: a session goes from the wish to its outcome in this order only, before the plan it is a
// consultation, and a run of absences is what it is whatever order it was written down in. Method:
// every state with every step, times around their bounds, random runs. row:C6 row:C7
#include "services/casemgmt/sessions/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/appointments/appointment.h"
#include "services/casemgmt/sessions/session_note.h"

namespace ieum::casemgmt {
namespace {

constexpr auto kPlanned = v1::SESSION_STATE_PLANNED;
constexpr auto kBooked = v1::SESSION_STATE_BOOKED;
constexpr auto kDone = v1::SESSION_STATE_DONE;
constexpr auto kNoShow = v1::SESSION_STATE_NO_SHOW;
constexpr auto kCancelled = v1::SESSION_STATE_CANCELLED;
constexpr auto kRefused = v1::SESSION_STATE_UNSPECIFIED;

const absl::CivilDay kDay(2024, 5, 10);

v1::SessionState After(v1::SessionState state, SessionStep step) {
  const auto next = NextState(state, step);
  if (next.ok()) return *next;
  EXPECT_EQ(base::ReasonOf(next.status()), "SESSION_STATE");
  EXPECT_FALSE(base::MetadataOf(next.status(), "state").empty());
  return kRefused;
}

TEST(Session, TakesEveryStepFromItsStatesOnly) {
  struct Row {
    SessionStep step;
    v1::SessionState planned, booked, done, no_show, cancelled;
  };
  const Row rows[] = {
      {SessionStep::kBook, kBooked, kRefused, kRefused, kRefused, kRefused},
      {SessionStep::kMove, kPlanned, kBooked, kRefused, kRefused, kRefused},
      {SessionStep::kCancel, kCancelled, kCancelled, kRefused, kRefused, kRefused},
      {SessionStep::kRecord, kRefused, kDone, kRefused, kRefused, kRefused},
      {SessionStep::kMiss, kRefused, kNoShow, kRefused, kRefused, kRefused},
      {SessionStep::kRetract, kRefused, kRefused, kBooked, kBooked, kBooked},
  };
  ASSERT_EQ(std::size(rows), static_cast<size_t>(kSessionSteps));
  for (const Row& row : rows) {
    SCOPED_TRACE(static_cast<int>(row.step));
    EXPECT_EQ(After(kPlanned, row.step), row.planned);
    EXPECT_EQ(After(kBooked, row.step), row.booked);
    EXPECT_EQ(After(kDone, row.step), row.done);
    EXPECT_EQ(After(kNoShow, row.step), row.no_show);
    EXPECT_EQ(After(kCancelled, row.step), row.cancelled);
  }
}

TEST(Session, ComesBackFromACancellationOnlyWhenItsTimeHasPassed) {
  const absl::Time at = base::KoreaInstant(kDay, 10);
  Session session;
  session.state = kCancelled;
  session.times = SessionTimes{at, at + absl::Hours(1)};
  EXPECT_EQ(base::ReasonOf(CheckComesBack(session, at)), "SESSION_STATE");  // it was never booked
  session.booked = true;
  EXPECT_TRUE(CheckComesBack(session, at).ok());
  EXPECT_EQ(base::ReasonOf(CheckComesBack(session, at - absl::Seconds(1))), "SESSION_STATE");
  session.state = kDone;
  EXPECT_TRUE(CheckComesBack(session, at - absl::Hours(1)).ok());
}

TEST(Session, IsAConsultationBeforeThePlanAndAServiceBehindIt) {
  const auto unspecified = v1::SESSION_PURPOSE_UNSPECIFIED;
  const auto consultation = v1::SESSION_PURPOSE_CONSULTATION;
  const auto service = v1::SESSION_PURPOSE_SERVICE;
  EXPECT_EQ(*DecidePurpose(unspecified, false, false), consultation);
  EXPECT_EQ(*DecidePurpose(unspecified, true, false), service);
  // The emergency path has to be meant.
  EXPECT_EQ(*DecidePurpose(unspecified, false, true), consultation);
  EXPECT_EQ(*DecidePurpose(consultation, false, false), consultation);
  EXPECT_EQ(*DecidePurpose(consultation, true, false), consultation);
  EXPECT_EQ(*DecidePurpose(service, true, false), service);
  EXPECT_EQ(*DecidePurpose(service, false, true), service);
  EXPECT_EQ(base::ReasonOf(DecidePurpose(service, false, false).status()), "SESSION_BEFORE_PLAN");
}

TEST(Session, HasBothTimesOrNone) {
  const absl::Time at = base::KoreaInstant(kDay, 10);
  EXPECT_EQ(*TimesOf(std::nullopt, std::nullopt), std::nullopt);
  EXPECT_EQ(base::FieldsOf(TimesOf(at, std::nullopt).status()),
            std::vector<std::string>{"end_time"});
  EXPECT_EQ(base::FieldsOf(TimesOf(std::nullopt, at).status()),
            std::vector<std::string>{"start_time"});
  EXPECT_EQ(base::ReasonOf(TimesOf(at, at).status()), "DATE_ORDER");
  EXPECT_TRUE(TimesOf(at, at + absl::Microseconds(1)).ok());
  EXPECT_TRUE(TimesOf(at, at + absl::Hours(24)).ok());
  EXPECT_EQ(base::ReasonOf(TimesOf(at, at + absl::Hours(24) + absl::Microseconds(1)).status()),
            "DATE_ORDER");
  // What is not given stays.
  const std::optional<SessionTimes> known = SessionTimes{at, at + absl::Hours(1)};
  const std::optional<SessionTimes> longer = SessionTimes{at, at + absl::Hours(2)};
  EXPECT_EQ(*TimesOf(known, std::nullopt, std::nullopt), known);
  EXPECT_EQ(*TimesOf(known, std::nullopt, at + absl::Hours(2)), longer);
  EXPECT_EQ(base::ReasonOf(TimesOf(known, at + absl::Hours(1), std::nullopt).status()),
            "DATE_ORDER");
}

TEST(Session, IsOnTheKoreanDayOfItsBegin) {
  Session session;
  EXPECT_EQ(session.service_day(), std::nullopt);
  absl::Time at;
  ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, "2024-12-31T15:10:00Z", &at, nullptr));
  session.times = SessionTimes{at, at + absl::Minutes(50)};
  EXPECT_EQ(session.service_day(), absl::CivilDay(2025, 1, 1));
}

TEST(Session, IsBookedForATimeAndWithSomebody) {
  Session session;
  EXPECT_EQ(base::ReasonOf(CheckBookable(session)), "SESSION_TIME_MISSING");
  const absl::Time at = base::KoreaInstant(kDay, 10);
  session.times = SessionTimes{at, at + absl::Hours(1)};
  EXPECT_EQ(base::ReasonOf(CheckBookable(session)), "PROVIDER_MISSING");
  session.provider = base::Uuid::NewV7();
  EXPECT_TRUE(CheckBookable(session).ok());
}

TEST(Session, IsRecordedOnceItHasBegunAndWhileTheCaseWas) {
  const absl::Time at = base::KoreaInstant(kDay, 10);
  EXPECT_TRUE(CheckHeldAt(at, at, kDay, kDay).ok());
  EXPECT_EQ(base::ReasonOf(CheckHeldAt(at, at - absl::Microseconds(1), kDay, std::nullopt)),
            "DATE_INVALID");
  EXPECT_EQ(base::ReasonOf(CheckHeldAt(at, at, kDay + 1, std::nullopt)), "DATE_ORDER");
  EXPECT_EQ(base::ReasonOf(CheckHeldAt(at, at, std::nullopt, kDay - 1)), "DATE_ORDER");
}

TEST(Session, TakesWholeMinutesAndAtLeastOne) {
  const absl::Time at = base::KoreaInstant(kDay, 10);
  EXPECT_EQ(MinutesOf({at, at + absl::Minutes(50)}), 50);
  EXPECT_EQ(MinutesOf({at, at + absl::Seconds(119)}), 1);
  EXPECT_EQ(MinutesOf({at, at + absl::Seconds(1)}), 1);
  EXPECT_EQ(MinutesOf({at, at + absl::Hours(24)}), 1440);
}

TEST(Session, HoldsNoMoreThanItCan) {
  EXPECT_TRUE(CheckSessionRoom(kSessionsMax - 1).ok());
  EXPECT_EQ(base::ReasonOf(CheckSessionRoom(kSessionsMax)), "SESSION_LIMIT");
  EXPECT_TRUE(CheckNoteRoom(kNotesMax - 1).ok());
  EXPECT_EQ(base::ReasonOf(CheckNoteRoom(kNotesMax)), "SESSION_LIMIT");
}

EndedSession Ended(bool done, int hour) {
  return {base::Uuid::NewV7(), done, base::KoreaInstant(kDay, hour)};
}

TEST(AbsenceRun, IsCountedSinceTheLastThatTookPlace) {
  EXPECT_EQ(RunOfAbsences({}), AbsenceRun{});
  const EndedSession missed = Ended(false, 8), done = Ended(true, 9);
  EXPECT_EQ(RunOfAbsences({missed}), (AbsenceRun{1, std::nullopt}));
  EXPECT_EQ(RunOfAbsences({missed, done}), (AbsenceRun{0, done.id}));
  EXPECT_EQ(RunOfAbsences({missed, done, Ended(false, 10), Ended(false, 11)}),
            (AbsenceRun{2, done.id}));
  // One that was written down late falls where it was held.
  EXPECT_EQ(RunOfAbsences({Ended(false, 10), Ended(false, 12), Ended(true, 11)}).length, 1);
}

RC_GTEST_PROP(AbsenceRun, DoesNotDependOnTheOrderOfWriting, (const std::vector<bool>& came)) {
  std::vector<EndedSession> ended;
  int expected = 0;
  for (const bool done : came) {
    ended.push_back({base::Uuid::NewV7(), done,
                     base::KoreaInstant(kDay, 8) + absl::Hours(static_cast<int>(ended.size()))});
    expected = done ? 0 : expected + 1;
  }
  const AbsenceRun run = RunOfAbsences(ended);
  RC_ASSERT(run.length == expected);
  std::shuffle(ended.begin(), ended.end(), std::mt19937(*rc::gen::arbitrary<unsigned>()));
  RC_ASSERT(RunOfAbsences(ended) == run);
}

TEST(SessionNote, OfCounsellingIsReadByWhoMayReadThose) {
  SessionNote note;
  note.sensitivity = v1::NOTE_SENSITIVITY_CONFIDENTIAL;
  EXPECT_TRUE(CheckReadable(note, false).ok());
  note.sensitivity = v1::NOTE_SENSITIVITY_PSYCHOLOGICAL;
  EXPECT_TRUE(CheckReadable(note, true).ok());
  EXPECT_EQ(base::ReasonOf(CheckReadable(note, false)), "PERMISSION_DENIED");
}

TEST(SessionNote, IsCorrectedOnce) {
  SessionNote note;
  EXPECT_TRUE(CheckCorrectable(note).ok());
  note.corrected_by = base::Uuid::NewV7();
  EXPECT_EQ(base::ReasonOf(CheckCorrectable(note)), "NOTE_CORRECTED_ALREADY");
}

TEST(Appointment, TakesEveryStepFromItsStatesOnly) {
  constexpr auto booked = v1::APPOINTMENT_STATE_BOOKED, kept = v1::APPOINTMENT_STATE_KEPT;
  constexpr auto missed = v1::APPOINTMENT_STATE_MISSED;
  constexpr auto cancelled = v1::APPOINTMENT_STATE_CANCELLED;
  constexpr auto refused = v1::APPOINTMENT_STATE_UNSPECIFIED;
  struct Row {
    AppointmentStep step;
    v1::AppointmentState booked, cancelled, kept, missed;
  };
  const Row rows[] = {{AppointmentStep::kMove, booked, refused, booked, booked},
                      {AppointmentStep::kCancel, cancelled, refused, cancelled, cancelled},
                      {AppointmentStep::kKeep, kept, refused, refused, kept},
                      {AppointmentStep::kMiss, missed, refused, missed, refused}};
  ASSERT_EQ(std::size(rows), static_cast<size_t>(kAppointmentSteps));
  const auto after = [&](v1::AppointmentState state, AppointmentStep step) {
    const auto next = NextState(state, step);
    if (next.ok()) return *next;
    EXPECT_EQ(base::ReasonOf(next.status()), "APPOINTMENT_STATE");
    return refused;
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(static_cast<int>(row.step));
    EXPECT_EQ(after(booked, row.step), row.booked);
    EXPECT_EQ(after(cancelled, row.step), row.cancelled);
    EXPECT_EQ(after(kept, row.step), row.kept);
    EXPECT_EQ(after(missed, row.step), row.missed);
  }
}

}  // namespace
}  // namespace ieum::casemgmt
