// Goal: sessions are planned, booked, moved, called off, held and missed by rule; they count on the
// day on which they were held, whenever that is written down; and whoever holds one is in one place
// at a time. Method: the use cases on a real database, cases in every state. row:C6 row:C7
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "tests/integration/casemgmt/case_world.h"
#include "tests/integration/casemgmt/session_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SessionUseCases : public ::testing::Test {
 protected:
  base::Uuid AppointmentOf(const base::Uuid& session) { return sessions_.AppointmentOf(session); }
  std::string PlanReason(const PlanSessionInput& input) { return Reason(sessions_.Plan(input)); }

  World world_{"2024-05-10 09:30"};
  Sessions sessions_{world_};
};

TEST_F(SessionUseCases, ABookedSessionTellsItsDayAndHerAppointmentNotWhatItIsFor) {
  const base::Uuid c = sessions_.InCase(), provider = base::Uuid::NewV7();
  const base::Uuid session = sessions_.Booked(c, "2024-05-13 08:30", provider);
  const auto event = world_.LastOf(c).As<v1::SessionBooked>();
  EXPECT_EQ(event.session().session_id(), session.ToString());
  EXPECT_EQ(event.session().service_date(), "2024-05-13");  // 12 May in UTC
  // The hour and who holds it would lead to the appointment, which names her.
  EXPECT_EQ(event.DebugString().find(provider.ToString()), std::string::npos);
  EXPECT_EQ(event.DebugString().find("_time"), std::string::npos);
  EXPECT_EQ(event.session().purpose(), v1::SESSION_PURPOSE_SERVICE);
  EXPECT_EQ(event.session().record_date(), "");
  EXPECT_EQ(event.case_().case_id(), c.ToString());
  EXPECT_EQ(event.DebugString().find(sessions_.PersonOf(c).ToString()), std::string::npos);
  const auto told = world_.LastOf(AppointmentOf(session));
  EXPECT_EQ(told.type, "AppointmentBooked");
  const auto appointment = told.As<v1::AppointmentBooked>();
  EXPECT_EQ(appointment.appointment().person_id(), sessions_.PersonOf(c).ToString());
  EXPECT_EQ(appointment.appointment().appointment_date(), "2024-05-13");
  EXPECT_EQ(appointment.appointment().host_person_id(), provider.ToString());
  EXPECT_EQ(appointment.DebugString().find(c.ToString()), std::string::npos);
  EXPECT_EQ(appointment.DebugString().find(session.ToString()), std::string::npos);
}

// Whatever is told of the case is taken for something that the appointment's id could come from. A
// booking that is broken off and asked for again makes one appointment.
TEST_F(SessionUseCases, NothingThatIsToldOfACaseLeadsToAnAppointmentOfHers) {
  const base::Uuid c = sessions_.InCase(), session = sessions_.Planned(c, "2024-05-13 10:00");
  const base::Uuid request = base::Uuid::NewV7();
  int runs = 0;
  const auto book = [&](ledger::UnitOfWork& work) {
    auto booked = BookSession(work, InputOf(c, session), {});
    if (++runs == 1) db::Conflict();
    return booked;
  };
  IdOf(world_.DoAs(request, "book", book));
  IdOf(world_.DoAs(request, "book", book));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM appointment"), "1");
  const base::Uuid appointment = AppointmentOf(session);
  EXPECT_THAT(sessions_.Types(appointment), ElementsAre("AppointmentBooked"));
  EXPECT_EQ(appointment.bytes()[6] >> 4, 4) << "random";

  std::vector<base::Uuid> told = {request, base::Uuid::Derive(request, "casemgmt")};
  for (const Told& each : world_.EventsOf(c)) {
    for (size_t at = 0; at + 36 <= each.payload.size(); ++at) {
      if (const auto id = base::Uuid::Parse(each.payload.substr(at, 36))) told.push_back(*id);
    }
  }
  ASSERT_GT(told.size(), 5u);
  const std::string payload = world_.LastOf(appointment).payload;
  for (const base::Uuid& id : told) {
    EXPECT_EQ(payload.find(id.ToString()), std::string::npos) << id.ToString();
    for (const std::string& label :
         {std::string("appointment"), absl::StrCat("appointment/", session.ToString())}) {
      EXPECT_NE(base::Uuid::Derive(id, label), appointment);
    }
  }
}

TEST_F(SessionUseCases, PlanningRefusesWhatCannotBe) {
  const base::Uuid c = sessions_.InCase();
  auto input = sessions_.PlanOf(c, "2024-05-13 10:00");
  input.end = input.start;
  EXPECT_EQ(PlanReason(input), "DATE_ORDER");
  input.end.reset();
  EXPECT_EQ(PlanReason(input), "INVALID_FIELD");
  input = sessions_.PlanOf(base::Uuid::NewV7(), "2024-05-13 10:00");
  EXPECT_EQ(PlanReason(input), "NOT_FOUND");
  input = sessions_.PlanOf(c, "2024-05-13 10:00");
  input.of.etag = "\"77\"";
  EXPECT_EQ(PlanReason(input), "STALE_ETAG");
  input.of.etag.clear();
  input.of.ownership_epoch = 2;
  EXPECT_EQ(PlanReason(input), "OWNERSHIP_MOVED");
  input.of.ownership_epoch = 1;
  input.session_id = base::Uuid::NewV7();
  EXPECT_EQ(PlanReason(input), "");
  EXPECT_EQ(PlanReason(input), "ID_TAKEN");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM case_session"), "1");
}

TEST_F(SessionUseCases, BookingAsksForATimeAndSomebodyWhoHoldsIt) {
  const base::Uuid c = sessions_.InCase();
  auto input = sessions_.PlanOf(c, "2024-05-13 10:00");
  input.start.reset();
  input.end.reset();
  input.provider.reset();
  const base::Uuid session = IdOf(sessions_.Plan(input));
  EXPECT_EQ(Reason(sessions_.Book(c, session)), "SESSION_TIME_MISSING");
  SessionPlace place{.start = Korea("2024-05-13 10:00"), .end = Korea("2024-05-13 11:00")};
  EXPECT_EQ(Reason(sessions_.Book(c, session, place)), "PROVIDER_MISSING");
  place.provider = base::Uuid::NewV7();
  EXPECT_EQ(Reason(sessions_.Book(c, session, place)), "");
  EXPECT_EQ(Reason(sessions_.Book(c, session, place)), "SESSION_STATE");
}

// Every state of a case with what its sessions allow there.
TEST_F(SessionUseCases, BeforeThePlanThereAreConsultationsOnly) {
  struct Row {
    v1::CaseState state;
    bool urgent, signed_before;
    const char* unsaid;   // what planning without a purpose answers
    const char* service;  // what planning a service does
  };
  for (const Row& row :
       {Row{v1::CASE_STATE_REFERRED, false, false, "CASE_STATE", "CASE_STATE"},
        Row{v1::CASE_STATE_INITIAL_CONSULT, false, false, "CASE_STATE", "CASE_STATE"},
        Row{v1::CASE_STATE_INTAKE, false, false, "", "SESSION_BEFORE_PLAN"},
        Row{v1::CASE_STATE_ASSESSMENT, false, false, "", "SESSION_BEFORE_PLAN"},
        Row{v1::CASE_STATE_CONFERENCE, false, false, "", "SESSION_BEFORE_PLAN"},
        Row{v1::CASE_STATE_CLASSIFIED, true, false, "", ""},
        Row{v1::CASE_STATE_PLAN, false, false, "", "SESSION_BEFORE_PLAN"},
        Row{v1::CASE_STATE_PLAN, false, true, "", ""},
        Row{v1::CASE_STATE_PLAN, true, false, "", ""},
        Row{v1::CASE_STATE_DELIVERY, false, false, "", ""},
        Row{v1::CASE_STATE_MONITORING, false, false, "", ""},
        Row{v1::CASE_STATE_REASSESSMENT, false, true, "", ""},
        Row{v1::CASE_STATE_CLOSED, false, false, "CASE_STATE", "CASE_STATE"},
        Row{v1::CASE_STATE_FOLLOW_UP, false, false, "CASE_STATE", "CASE_STATE"},
        Row{v1::CASE_STATE_ARCHIVED, false, false, "CASE_STATE", "CASE_STATE"},
        Row{v1::CASE_STATE_REJECTED, false, false, "CASE_STATE", "CASE_STATE"},
        Row{v1::CASE_STATE_INFO_ONLY, false, false, "CASE_STATE", "CASE_STATE"}}) {
    SCOPED_TRACE(absl::StrCat(v1::CaseState_Name(row.state), row.urgent ? " urgent" : ""));
    const base::Uuid c = sessions_.InCase(
        {.state = row.state, .urgent = row.urgent, .signed_before = row.signed_before});
    auto input = sessions_.PlanOf(c, "2024-05-13 10:00");
    EXPECT_EQ(PlanReason(input), row.unsaid);
    input.purpose = v1::SESSION_PURPOSE_SERVICE;
    const auto planned = sessions_.Plan(input);
    EXPECT_EQ(Reason(planned), row.service);
    if (!planned.ok()) continue;
    const bool before_plan =
        row.urgent && !row.signed_before && row.state < v1::CASE_STATE_DELIVERY;
    EXPECT_EQ(sessions_.Read(c, IdOf(planned)).session.urgent, before_plan);
  }
}

TEST_F(SessionUseCases, AHeldCasePlansNothingAndStillTellsWhatBecame) {
  const base::Uuid c = sessions_.InCase();
  const base::Uuid past = sessions_.Booked(c, "2024-05-09 10:00");
  const base::Uuid next = sessions_.Booked(c, "2024-05-20 10:00");
  world_.Ask(
      absl::StrCat("UPDATE casefile SET on_hold = true, hold_from = '2024-05-10', hold_until ="
                   " '2024-06-10', hold_reason = 1 WHERE id = '",
                   c.ToString(), "' RETURNING 1"));
  EXPECT_EQ(PlanReason(sessions_.PlanOf(c, "2024-05-21 10:00")), "CASE_ON_HOLD");
  EXPECT_EQ(Reason(sessions_.Move(c, next, {.provider = base::Uuid::NewV7()})), "CASE_ON_HOLD");
  EXPECT_EQ(Reason(sessions_.Cancel(c, next)), "");
  EXPECT_EQ(Reason(sessions_.Record(c, past)), "");
  EXPECT_EQ(sessions_.CaseState(c), "CASE_STATE_DELIVERY");  // its clock stands
}

// law:L09
TEST_F(SessionUseCases, CounsellingNeedsAConsentForSensitiveData) {
  const base::Uuid c = sessions_.InCase({.consents = false});
  auto input = sessions_.PlanOf(c, "2024-05-13 10:00");
  const base::Uuid career = IdOf(sessions_.Plan(input));
  input.type = v1::SESSION_TYPE_PSYCHOLOGICAL;
  EXPECT_EQ(PlanReason(input), "CONSENT_MISSING");
  EXPECT_EQ(Reason(sessions_.Note(c, career, "x", v1::NOTE_SENSITIVITY_PSYCHOLOGICAL)),
            "CONSENT_MISSING");
  EXPECT_EQ(Reason(sessions_.Note(c, career, "x", v1::NOTE_SENSITIVITY_CONFIDENTIAL)), "");
  const base::Uuid consenting = sessions_.InCase();
  input = sessions_.PlanOf(consenting, "2024-05-13 10:00");
  input.type = v1::SESSION_TYPE_PSYCHOLOGICAL;
  EXPECT_EQ(PlanReason(input), "");
}

TEST_F(SessionUseCases, AMovedSessionTellsFromWhenAndMovesHerAppointment) {
  const base::Uuid c = sessions_.InCase();
  const base::Uuid session = sessions_.Booked(c, "2024-05-13 10:00");
  EXPECT_EQ(Reason(sessions_.Move(c, session, {})), "");  // nothing changes, nothing is told
  EXPECT_EQ(sessions_.Count(c, "SessionMoved"), 0);
  IdOf(sessions_.Move(c, session,
                      {.start = Korea("2024-05-14 10:00"), .end = Korea("2024-05-14 11:00")}));
  EXPECT_EQ(world_.LastOf(c).As<v1::SessionMoved>().previous_service_date(), "2024-05-13");
  const auto moved = world_.LastOf(AppointmentOf(session)).As<v1::AppointmentMoved>();
  EXPECT_EQ(moved.previous_appointment_date(), "2024-05-13");
  EXPECT_EQ(moved.appointment().appointment_date(), "2024-05-14");
  IdOf(sessions_.Move(c, session, {.channel = v1::SESSION_CHANNEL_PHONE}));
  EXPECT_THAT(sessions_.Types(AppointmentOf(session)),
              ElementsAre("AppointmentBooked", "AppointmentMoved"));
}

TEST_F(SessionUseCases, ACancelledSessionEndsHerReminderAndFreesTheProvider) {
  const base::Uuid c = sessions_.InCase(), provider = base::Uuid::NewV7();
  const base::Uuid session = sessions_.Booked(c, "2024-05-13 10:00", provider);
  IdOf(sessions_.Cancel(c, session));
  EXPECT_EQ(world_.LastOf(AppointmentOf(session)).type, "AppointmentCancelled");
  const auto event = world_.LastOf(c).As<v1::SessionCancelled>();
  EXPECT_EQ(event.reason(), v1::SESSION_CANCEL_REASON_ILLNESS);
  EXPECT_EQ(event.cancelled_by(), v1::SESSION_CANCELLER_CLIENT);
  sessions_.Booked(c, "2024-05-13 10:00", provider);                  // the hours are free
  EXPECT_EQ(Reason(sessions_.Retract(c, session)), "SESSION_STATE");  // still to come
  const auto by_hand = world_.Do([&](auto& work) {
    return CancelSession(work, InputOf(c, sessions_.Planned(c, "2024-05-15 10:00")),
                         v1::SESSION_CANCELLER_CENTRE, v1::SESSION_CANCEL_REASON_CASE_ENDED);
  });
  EXPECT_EQ(Reason(by_hand), "INVALID_FIELD");
}

TEST_F(SessionUseCases, AProviderIsInOnePlaceAtATimeAlsoAsAVisitor) {
  const base::Uuid provider = base::Uuid::NewV7();
  const base::Uuid c = sessions_.InCase(), other = sessions_.InCase();
  sessions_.Booked(c, "2024-05-13 10:00", provider);
  const base::Uuid second = sessions_.Planned(other, "2024-05-13 10:30", provider);
  EXPECT_EQ(Reason(sessions_.Book(other, second)), "PROVIDER_BUSY");
  EXPECT_EQ(sessions_.StateOf(other, second), v1::SESSION_STATE_PLANNED);
  EXPECT_THAT(world_.EventsOf(AppointmentOf(second)), IsEmpty());
  sessions_.Booked(other, "2024-05-13 11:00", provider);  // one ends where the other begins
  // Visits to firms take the same hours.
  const base::Uuid engagement = world_.Open(world_.HearCampaign(), world_.HearFirm(), provider);
  world_.Contact(engagement);
  const auto visit = world_.Do([&](auto& work) {
    return PlanVisit(work, {.engagement_id = engagement,
                            .start = Korea("2024-05-13 11:30"),
                            .end = Korea("2024-05-13 12:30")});
  });
  EXPECT_EQ(Reason(visit), "CONSULTANT_BUSY");
}

TEST_F(SessionUseCases, ARefusedMoveKeepsTheHoursThatTheSessionHad) {
  const base::Uuid provider = base::Uuid::NewV7();
  const base::Uuid c = sessions_.InCase();
  const base::Uuid first = sessions_.Booked(c, "2024-05-13 10:00", provider);
  sessions_.Booked(c, "2024-05-13 14:00", provider);
  const int64_t before = world_.EventCount();
  EXPECT_EQ(Reason(sessions_.Move(
                c, first, {.start = Korea("2024-05-13 14:30"), .end = Korea("2024-05-13 15:30")})),
            "PROVIDER_BUSY");
  EXPECT_EQ(world_.EventCount(), before);
  EXPECT_EQ(sessions_.Read(c, first).session.times->start, Korea("2024-05-13 10:00"));
  const base::Uuid third = sessions_.Planned(c, "2024-05-13 10:30", provider);
  EXPECT_EQ(Reason(sessions_.Book(c, third)), "PROVIDER_BUSY");
}

TEST_F(SessionUseCases, TheEndOfACaseLeavesWhatHasBegunAndCancelsTheRest) {
  Cases cases(world_);
  const base::Uuid c = cases.CaseIn(v1::CASE_STATE_DELIVERY);
  const base::Uuid past = sessions_.Booked(c, "2024-05-10 09:00");
  const base::Uuid next = sessions_.Booked(c, "2024-05-13 10:00");
  const base::Uuid planned = sessions_.Planned(c, "2024-05-14 10:00");
  cases.Close(c);
  EXPECT_EQ(sessions_.StateOf(c, past), v1::SESSION_STATE_BOOKED);
  EXPECT_EQ(sessions_.StateOf(c, next), v1::SESSION_STATE_CANCELLED);
  EXPECT_EQ(sessions_.StateOf(c, planned), v1::SESSION_STATE_CANCELLED);
  EXPECT_EQ(sessions_.Read(c, next).session.cancel_reason, v1::SESSION_CANCEL_REASON_CASE_ENDED);
  EXPECT_EQ(sessions_.Count(c, "SessionCancelled"), 2);
  EXPECT_EQ(world_.LastOf(AppointmentOf(next)).type, "AppointmentCancelled");
  const auto ending = cases.Read(c).ending;
  ASSERT_TRUE(ending.has_value());
  EXPECT_EQ(ending->sessions, 2);
  EXPECT_EQ(ending->appointments, 1) << "the planned one had none";
  EXPECT_EQ(ending->tasks, 4) << "monitoring, reassessment, closure and an outcome; one is left";
  EXPECT_EQ(ending->referrals, 0);
  EXPECT_EQ(ending->planned_checks, 0);
  IdOf(sessions_.Record(c, past));
}

TEST_F(SessionUseCases, ACaseHoldsNoMoreThanItCan) {
  const base::Uuid c = sessions_.InCase();
  world_.Ask(absl::StrCat(
      "INSERT INTO case_session (id, case_id, type, purpose, channel, state, participants, urgent, "
      "created_at, updated_at) SELECT gen_random_uuid(), '",
      c.ToString(), "', 1, 1, 1, 5, '{}', false, now(), now() FROM generate_series(1, ",
      kSessionsMax, ") RETURNING 1"));
  EXPECT_EQ(PlanReason(sessions_.PlanOf(c, "2024-05-13 10:00")), "SESSION_LIMIT");
}

// Two book one hour of one provider, again and again.
TEST_F(SessionUseCases, OfTwoWhoBookOneHourAtOnceOneWins) {
  for (int round = 0; round < 8; ++round) {
    const base::Uuid provider = base::Uuid::NewV7();
    const base::Uuid cases[] = {sessions_.InCase(), sessions_.InCase()};
    base::Uuid planned[2];
    for (int at = 0; at < 2; ++at) {
      planned[at] = sessions_.Planned(cases[at], "2024-05-13 10:00", provider);
    }
    std::vector<std::string> reasons(2);
    std::vector<std::thread> threads;
    for (int at = 0; at < 2; ++at) {
      threads.emplace_back(
          [&, at] { reasons[at] = Reason(sessions_.Book(cases[at], planned[at])); });
    }
    for (std::thread& thread : threads) thread.join();
    std::sort(reasons.begin(), reasons.end());
    EXPECT_THAT(reasons, ElementsAre("", "PROVIDER_BUSY"));
  }
}

}  // namespace
}  // namespace ieum::casemgmt::testing
