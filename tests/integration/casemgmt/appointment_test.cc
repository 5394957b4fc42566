// Goal: an appointment is booked, moved and ended with what it is for, and nobody learns from it
// what that is. Method: the use cases within another one's, as sessions and groups use them; the
// doors on a real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/access/subject_id.h"
#include "platform/base/status.h"
#include "services/casemgmt/appointments/appointment_commands.h"
#include "services/casemgmt/appointments/appointment_store.h"
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

class Appointments : public ::testing::Test {
 protected:
  World& world() { return served_.world(); }

  AppointmentInput Wanted(const std::string& start, const std::string& centre = kCentreA) {
    return {.id = base::Uuid::NewV7(),
            .person = base::Uuid::NewV7(),
            .start = Korea(start),
            .end = Korea(start) + absl::Hours(1),
            .centre = base::Uuid::Parse(centre),
            .host = base::Uuid::NewV7()};
  }
  // Within a use case of something else that holds the appointment's lock.
  template <class F>
  std::string Within(const base::Uuid& id, F use_case) {
    return Reason(world().Do([&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
      work.Lock({id});
      RETURN_IF_ERROR(use_case(work));
      return ledger::Done{id, AppointmentName(id)};
    }));
  }
  std::string Book(const AppointmentInput& input) {
    return Within(input.id, [&](auto& work) { return BookAppointment(work, input); });
  }
  std::vector<std::string> Types(const base::Uuid& id) { return sessions_.Types(id); }
  // The days that the caller sees, in order.
  std::string DaysFor(const std::string& token, const std::string& filter = "") {
    v1::ListAppointmentsRequest request;
    request.set_filter(filter);
    request.set_order_by("start_time");
    v1::ListAppointmentsResponse page;
    const absl::Status read =
        served_.CallAs(token, "AppointmentService/ListAppointments", request, &page);
    if (!read.ok()) return base::ReasonOf(read);
    std::string days;
    for (const auto& each : page.appointments()) {
      absl::StrAppend(&days, days.empty() ? "" : " ", each.appointment_date());
    }
    return days;
  }

  Served served_{"2024-05-10 09:30"};
  Sessions sessions_{served_.world()};
};

TEST_F(Appointments, AreBookedOnceAndEndOnce) {
  const AppointmentInput input = Wanted("2024-05-13 10:00");
  EXPECT_EQ(Book(input), "");
  EXPECT_EQ(Book(input), "");  // it is there already
  const auto end = [&](auto step) {
    EXPECT_EQ(Within(input.id,
                     [&](auto& work) {
                       step(work, input.id);
                       return absl::OkStatus();
                     }),
              "");
  };
  end(CancelAppointment);
  end(CancelAppointment);
  end(KeepAppointment);  // what was called off stays so
  EXPECT_THAT(Types(input.id), ElementsAre("AppointmentBooked", "AppointmentCancelled"));
  EXPECT_EQ(Within(base::Uuid::NewV7(),
                   [&](auto& work) {
                     MissAppointment(work, input.id);
                     return absl::OkStatus();
                   }),
            "");
}

TEST_F(Appointments, AreNotForWhoWasErased) {
  const AppointmentInput input = Wanted("2024-05-13 10:00");
  Cases(world()).Erase(input.person);
  EXPECT_EQ(Book(input), "PERSON_ERASED");
  EXPECT_EQ(world().Ask("SELECT count(*) FROM appointment"), "0");
  EXPECT_THAT(world().EventsOf(input.id), IsEmpty());
}

TEST_F(Appointments, MoveToAnotherDayOrHostAndTellFromWhen) {
  const AppointmentInput input = Wanted("2024-05-13 10:00");
  ASSERT_EQ(Book(input), "");
  const auto move = [&](const std::string& start, const std::optional<base::Uuid>& host) {
    return Within(input.id, [&](auto& work) {
      MoveAppointment(work, input.id, Korea(start), Korea(start) + absl::Hours(1), host);
      return absl::OkStatus();
    });
  };
  EXPECT_EQ(move("2024-05-13 10:00", input.host), "");
  EXPECT_EQ(Types(input.id).size(), 1u);  // nothing changed
  EXPECT_EQ(move("2024-05-15 00:30", input.host), "");
  const auto moved = world().LastOf(input.id).As<v1::AppointmentMoved>();
  EXPECT_EQ(moved.appointment().appointment_date(), "2024-05-15");  // 14 May in UTC
  EXPECT_EQ(moved.previous_appointment_date(), "2024-05-13");
}

TEST_F(Appointments, AreShownToTheirCentreWithoutWhatTheyAreFor) {
  const AppointmentInput a = Wanted("2024-05-13 10:00"), b = Wanted("2024-05-14 10:00", kCentreB);
  ASSERT_EQ(Book(a), "");
  ASSERT_EQ(Book(b), "");
  EXPECT_EQ(DaysFor("centre-a"), "2024-05-13");
  EXPECT_EQ(DaysFor("centre-ab"), "2024-05-13 2024-05-14");
  EXPECT_EQ(DaysFor(kManagerToken, "appointment_date >= \"2024-05-14\""), "2024-05-14");
  EXPECT_EQ(DaysFor(kManagerToken, absl::StrCat("person = \"persons/", a.person.ToString(), "\"")),
            "2024-05-13");
  EXPECT_EQ(DaysFor(kCentreHeadToken), "PERMISSION_DENIED");
  v1::GetAppointmentRequest get;
  get.set_name(AppointmentName(a.id));
  v1::Appointment shown;
  ASSERT_TRUE(served_.CallAs("centre-a", "AppointmentService/GetAppointment", get, &shown).ok());
  EXPECT_EQ(shown.person(), "persons/" + a.person.ToString());
  EXPECT_EQ(shown.state(), v1::APPOINTMENT_STATE_BOOKED);
  EXPECT_EQ(
      base::ReasonOf(served_.CallAs("centre-b", "AppointmentService/GetAppointment", get, &shown)),
      "NOT_FOUND");
}

// Whoever keeps cases in a centre sees whom he expects himself, not who comes to the others.
// row:C36
TEST_F(Appointments, AreSeenByWhoSeesWhatTheyAreFor) {
  const base::Uuid own = sessions_.InCase(
      {.centre = base::Uuid::Parse(kCentreA), .manager_subject = access::SubjectId(kCaseManager)});
  const base::Uuid other = sessions_.InCase({.centre = base::Uuid::Parse(kCentreA)});
  sessions_.Booked(own, "2024-05-13 10:00");
  sessions_.Booked(other, "2024-05-14 10:00");
  EXPECT_EQ(DaysFor(kCaseManagerToken), "2024-05-13");
  EXPECT_EQ(DaysFor(kOtherCaseManagerToken), "");
  EXPECT_EQ(DaysFor(kSupervisorToken), "2024-05-13 2024-05-14");
  EXPECT_EQ(DaysFor(kAuditorToken), "PERMISSION_DENIED");
}

TEST_F(Appointments, GivenAwayBelongToAnotherCentreAndAreExpectedByNobodyYet) {
  const AppointmentInput input = Wanted("2024-05-13 10:00");
  ASSERT_EQ(Book(input), "");
  EXPECT_EQ(Within(input.id,
                   [&](auto& work) {
                     GiveAppointment(work, input.id, base::Uuid::Parse(kCentreB), std::nullopt);
                     return absl::OkStatus();
                   }),
            "");
  const auto moved = world().LastOf(input.id).As<v1::AppointmentMoved>();
  EXPECT_EQ(moved.appointment().centre_id(), kCentreB);
  EXPECT_EQ(moved.appointment().host_person_id(), "");
  EXPECT_EQ(moved.previous_appointment_date(), moved.appointment().appointment_date());
  EXPECT_EQ(DaysFor("centre-a"), "");
  EXPECT_EQ(DaysFor("centre-b"), "2024-05-13");
}

TEST_F(Appointments, OfACentreAreFoundByTheirDay) {
  world().Ask(absl::StrCat(
      "WITH made AS (INSERT INTO appointment SELECT gen_random_uuid(), 1, gen_random_uuid(), t, "
      "t + interval '1 hour', t::date, CASE WHEN n % 100 = 0 THEN '",
      kCentreA,
      "'::uuid ELSE gen_random_uuid() END, gen_random_uuid(), now(), now() FROM (SELECT "
      "n, timestamptz '2024-01-01 01:00Z' + n * interval '1 hour' AS t FROM "
      "generate_series(1, 20000) n) x RETURNING 1) SELECT count(*) FROM made"));
  world().Ask(
      "WITH made AS (INSERT INTO aggregate (id, kind, version) SELECT id, 'appointment', 1 FROM "
      "appointment RETURNING 1) SELECT count(*) FROM made");
  world().Ask("ANALYZE");
  const auto query = ieum::testing::FirstPage(AppointmentList(), base::Scope::Of({kCentreA}),
                                              "appointment_date = \"2024-02-01\"");
  const std::string plan = ieum::testing::PlanOf(world().database(), query);
  EXPECT_THAT(plan, HasSubstr("appointment_"));
  EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on appointment")));
}

}  // namespace
}  // namespace ieum::casemgmt::testing
