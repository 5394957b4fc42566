// Goal: an emergency opens what roles do not, never unseen, and for a while only. Method: the door
// of grants over a real PostgreSQL and a clock that the test moves. row:R23
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/registry/access_world.h"

namespace ieum::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

template <class T>
std::string Why(const absl::StatusOr<T>& answer) {
  return answer.ok() ? "OK" : base::ReasonOf(answer.status());
}

class BrokenGlass : public ::testing::Test {
 protected:
  // `account` supervises, and is `person`.
  void Supervises(const std::string& account, const std::string& centre,
                  const std::string& person) {
    v1::GiveGrantRequest request = AccessWorld::Wish(account, kSupervisorRole, centre);
    request.set_person(person);
    const auto given = world_.Call<v1::Grant>("GiveGrant", request);
    ASSERT_TRUE(given.ok()) << given.status();
  }
  std::vector<std::string> Told() {
    std::vector<std::string> persons;
    for (const registry::Told& event : world_.world.Events("subjects/")) {
      if (event.type != "BreakGlassAlerted") continue;
      persons.push_back("persons/" + event.As<v1::BreakGlassAlerted>().supervisor_person_id());
    }
    return persons;
  }
  // `account` is the head of `here`, and nothing is known of who it is unless `person` says so.
  void Heads(const std::string& account, const std::string& person = "") {
    v1::GiveGrantRequest request = AccessWorld::Wish(account, "centre_head", world_.here);
    request.set_person(person);
    const auto given = world_.Call<v1::Grant>("GiveGrant", request);
    ASSERT_TRUE(given.ok()) << given.status();
  }
  void SetUp() override { Heads("staff/kim", world_.world.Person("윤건우")); }
  // How often it was counted.
  double Counted(const std::string& outcome) {
    return world_.metrics
        .Counter("access_glass_broken_total", "Emergencies that were called, by what came of it",
                 {{"outcome", outcome}})
        .Value();
  }

  AccessWorld world_;
};

TEST_F(BrokenGlass, OpensForAWhileAndTellsTheCentresSupervisors) {
  const std::string near = world_.world.Person("표은비"), far = world_.world.Person("하은별"),
                    over = world_.world.Person("봉선화");
  Supervises("staff/lee", world_.here, near);
  Supervises("staff/park", world_.there, far);
  Supervises("staff/over", "*", over);
  const auto broken = world_.Break(world_.here, "staff/kim", 90);
  ASSERT_TRUE(broken.ok()) << broken.status();
  EXPECT_EQ(broken->role(), "break_glass");
  EXPECT_EQ(broken->kind(), v1::GRANT_KIND_BREAK_GLASS);
  EXPECT_EQ(broken->expire_time().seconds(), absl::ToUnixSeconds(Korea("2023-05-02 12:30")));
  EXPECT_EQ(broken->resource(), "persons/0190b0c0-0000-7000-8000-000000000001");
  EXPECT_THAT(Told(), UnorderedElementsAre(near, over));
  const auto alert = world_.world.Events("subjects/").back();
  EXPECT_THAT(alert.payload, Not(HasSubstr("danger now"))) << "words stay here";
  EXPECT_EQ(alert.As<v1::BreakGlassAlerted>().centre_organization_id(), IdOf(world_.here));
  EXPECT_THAT(world_.List("kind = GRANT_KIND_BREAK_GLASS")->grants(), SizeIs(1));
}

TEST_F(BrokenGlass, EndsByItselfAndItsEndIsWrittenDown) {
  Supervises("staff/lee", world_.here, world_.world.Person("표은비"));
  ASSERT_TRUE(world_.Break(world_.here, "staff/kim").ok());
  EXPECT_EQ(Why(world_.Break(world_.here, "staff/kim")), "GRANT_EXISTS");
  world_.world.SetClock("2023-05-02 11:59");
  world_.Expire();
  EXPECT_THAT(world_.List("end = GRANT_END_EXPIRED")->grants(), SizeIs(0));
  world_.world.SetClock("2023-05-02 12:00");
  world_.Expire();
  const auto ended = world_.List("end = GRANT_END_EXPIRED");
  ASSERT_THAT(ended->grants(), SizeIs(1));
  EXPECT_EQ(ended->grants(0).end_time().seconds(), absl::ToUnixSeconds(Korea("2023-05-02 12:00")));
  EXPECT_EQ(ended->grants(0).ender(), "");
  EXPECT_THAT(world_.world.EventTypes("subjects/"), Contains("GrantEnded"));
  EXPECT_TRUE(world_.Break(world_.here, "staff/kim").ok());
}

TEST_F(BrokenGlass, MayBeBrokenAgainBeforeItsEndWasWrittenDown) {
  Supervises("staff/lee", world_.here, world_.world.Person("표은비"));
  ASSERT_TRUE(world_.Break(world_.here, "staff/kim").ok());
  world_.world.SetClock("2023-05-02 15:00");
  ASSERT_TRUE(world_.Break(world_.here, "staff/kim").ok());
  EXPECT_THAT(world_.List("end = GRANT_END_EXPIRED")->grants(), SizeIs(1));
  world_.Expire();
  EXPECT_THAT(world_.List("end = GRANT_END_EXPIRED")->grants(), SizeIs(1));
}

TEST_F(BrokenGlass, IsMendedByASupervisor) {
  Supervises("staff/lee", world_.here, world_.world.Person("표은비"));
  const auto broken = world_.Break(world_.here, "staff/kim");
  ASSERT_TRUE(broken.ok());
  EXPECT_EQ(Why(world_.Revoke(broken->name(), "staff/lee")), "OK");
  EXPECT_EQ(world_.world.Ask("SELECT count(*) FROM access_grant WHERE role = 'break_glass'"), "0");
}

TEST_F(BrokenGlass, IsNotBrokenWhereNobodyIsTold) {
  EXPECT_EQ(Why(world_.Break(world_.here, "staff/kim")), "SUPERVISOR_MISSING");
  Supervises("staff/lee", world_.there, world_.world.Person("하은별"));
  EXPECT_EQ(Why(world_.Break(world_.here, "staff/kim")), "SUPERVISOR_MISSING");
  // Nobody supervises himself.
  Supervises("staff/kim", world_.here, world_.world.Person("표은비"));
  EXPECT_EQ(Why(world_.Break(world_.here, "staff/kim")), "SUPERVISOR_MISSING");
  EXPECT_THAT(world_.List("kind = GRANT_KIND_BREAK_GLASS")->grants(), SizeIs(0));
}

// A second account is the same pair of eyes.
TEST_F(BrokenGlass, IsNotBrokenWhereOnlyWhoBreaksItIsTold) {
  const std::string kim = world_.world.Person("표은비"), lee = world_.world.Person("하은별");
  v1::GiveGrantRequest request = AccessWorld::Wish("staff/kim", "judge", world_.here);
  request.set_person(kim);
  ASSERT_TRUE(world_.Call<v1::Grant>("GiveGrant", request).ok());
  Supervises("admin/kim", world_.here, kim);
  EXPECT_EQ(Why(world_.Break(world_.here, "staff/kim")), "SUPERVISOR_MISSING");
  Supervises("staff/lee", world_.here, lee);
  ASSERT_TRUE(world_.Break(world_.here, "staff/kim").ok());
  EXPECT_THAT(Told(), ElementsAre(lee));
}

// An account without a person may be anybody, also the one who would be told.
TEST_F(BrokenGlass, IsNotBrokenByWhoMayBeTheOnlyOneTold) {
  Heads("staff/park");
  Supervises("admin/park", world_.here, world_.world.Person("하은별"));
  const auto refused = world_.Break(world_.here, "staff/park");
  EXPECT_EQ(Why(refused), "SUPERVISOR_MISSING");
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("GiveGrant"));
  EXPECT_THAT(Told(), SizeIs(0));
  ASSERT_TRUE(world_.Break(world_.here, "staff/kim").ok()) << "is somebody else";
  Supervises("staff/lee", world_.here, world_.world.Person("봉선화"));
  EXPECT_TRUE(world_.Break(world_.here, "staff/park").ok()) << "one of two is somebody else";
}

TEST_F(BrokenGlass, IsCountedByWhatCameOfIt) {
  EXPECT_EQ(Counted("refused"), 0);
  EXPECT_EQ(Why(world_.Break(world_.here, "staff/kim")), "SUPERVISOR_MISSING");
  EXPECT_EQ(Why(world_.Break(world_.there, "staff/kim")), "PERMISSION_DENIED");
  EXPECT_EQ(Counted("refused"), 2);
  Supervises("staff/lee", world_.here, world_.world.Person("표은비"));
  v1::BreakGlassRequest request;
  request.set_centre(world_.here);
  request.set_cause(v1::BREAK_GLASS_CAUSE_DANGER);
  request.set_reason("a caller is in danger now");
  request.set_minutes(60);
  request.set_request_id(base::Uuid::NewV7().ToString());
  ASSERT_TRUE(world_.Call<v1::Grant>("BreakGlass", request, "staff/kim").ok());
  ASSERT_TRUE(world_.Call<v1::Grant>("BreakGlass", request, "staff/kim").ok()) << "asked again";
  EXPECT_EQ(Counted("told"), 1);
  EXPECT_EQ(Counted("refused"), 2);
}

// law:L19
TEST_F(BrokenGlass, IsSeenInTheLogOfWhatItOpenedAndOfNothingElse) {
  const std::string woman = world_.PersonOf(world_.here, "표은비");
  Supervises("staff/lee", world_.here, world_.world.Person("하은별"));
  const auto Emergencies = [&] {
    return world_.world.Ask(
        "SELECT coalesce(string_agg(emergency::text, ' ' ORDER BY recorded_at, number), '') "
        "FROM access_log WHERE account = 'staff/kim' AND action = 'registry.persons.get' "
        "AND outcome = 'OK'");
  };
  ASSERT_TRUE(world_.Give("staff/kim", "case_manager", world_.there).ok());
  ASSERT_TRUE(world_.GetPerson(world_.PersonOf(world_.there, "봉선화"), "staff/kim").ok());
  EXPECT_EQ(Why(world_.GetPerson(woman, "staff/kim")), "NOT_FOUND") << "not hers to read";
  EXPECT_EQ(Emergencies(), "false");
  ASSERT_TRUE(world_.Break(world_.here, "staff/kim").ok());
  ASSERT_TRUE(world_.GetPerson(woman, "staff/kim").ok());
  EXPECT_EQ(Emergencies(), "false true") << "although she holds the same elsewhere";
  ASSERT_TRUE(world_.GetPerson(woman, "chief").ok());
  EXPECT_EQ(world_.world.Ask("SELECT count(*) FROM access_log WHERE emergency"), "1");
  world_.world.SetClock("2023-05-02 15:00");
  EXPECT_EQ(Why(world_.GetPerson(woman, "staff/kim")), "NOT_FOUND");
}

TEST_F(BrokenGlass, IsReadAboutByNobodyUnseen) {
  Supervises("staff/lee", world_.here, world_.world.Person("표은비"));
  ASSERT_TRUE(world_.Break(world_.here, "staff/kim").ok());
  ASSERT_TRUE(world_.List("kind = GRANT_KIND_BREAK_GLASS", "staff/lee")->grants_size() == 1);
  EXPECT_EQ(
      world_.world.Ask("SELECT count(*) FROM access_log WHERE account = 'staff/lee' AND action = "
                       "'registry.grants.list' AND "
                       "'persons/0190b0c0-0000-7000-8000-000000000001' = ANY(subjects)"),
      "1");
}

// They are kept in clear text.
TEST_F(BrokenGlass, TakesNoNumbersOfPeopleForAReason) {
  Supervises("staff/lee", world_.here, world_.world.Person("표은비"));
  v1::BreakGlassRequest request;
  request.set_centre(world_.here);
  request.set_cause(v1::BREAK_GLASS_CAUSE_DANGER);
  request.set_minutes(60);
  request.set_reason("she called from 010-0000-0001 and is in danger");
  const auto refused = world_.Call<v1::Grant>("BreakGlass", request, "staff/kim");
  EXPECT_EQ(Why(refused), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(refused.status()), ElementsAre("reason"));
  EXPECT_THAT(std::string(refused.status().message()), Not(HasSubstr("0001")));
  request.set_reason("of 880101-1234567, in danger");
  EXPECT_EQ(Why(world_.Call<v1::Grant>("BreakGlass", request, "staff/kim")), "RESIDENT_NUMBER");
  v1::GiveGrantRequest give = AccessWorld::Wish("staff/park", "judge", world_.here);
  give.set_reason("asked for it by park@centre.test");
  EXPECT_EQ(Why(world_.Call<v1::Grant>("GiveGrant", give)), "INVALID_FIELD");
  EXPECT_EQ(world_.world.Ask("SELECT count(*) FROM subject_grant WHERE reason LIKE '%0001%'"), "0");
}

TEST_F(BrokenGlass, IsToldToThePersonThatItsOwnCentreNamed) {
  v1::CreatePersonRequest person;
  person.mutable_person()->set_full_name("봉선화");
  person.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
  person.mutable_person()->set_centre(world_.there);
  const auto other = world_.world.Call<v1::Person>("PersonService/CreatePerson", person);
  ASSERT_TRUE(other.ok()) << other.status();
  const std::string boss = world_.world.Person("표은비");
  Supervises("staff/lee", world_.here, boss);
  ASSERT_TRUE(world_.Give("staff/over", kSupervisorRole, world_.here).ok());
  ASSERT_TRUE(world_.Give("staff/park", "access_manager", world_.there).ok());
  const auto Name = [&](const std::string& account) {
    v1::GiveGrantRequest request = AccessWorld::Wish(account, "judge", world_.there);
    request.set_person(other->name());
    return world_.Call<v1::Grant>("GiveGrant", request, "staff/park");
  };
  const auto refused = Name("staff/lee");
  EXPECT_EQ(Why(refused), "PERMISSION_DENIED");
  EXPECT_THAT(refused.status().message(), HasSubstr("every centre"));
  EXPECT_EQ(Why(Name("staff/over")), "PERMISSION_DENIED")
      << "has no person, but is another centre's";
  EXPECT_EQ(Why(Name("staff/new")), "OK");
  ASSERT_TRUE(world_.Give("staff/lee", "access_manager", world_.here).ok());
  const v1::GiveGrantRequest unnamed = AccessWorld::Wish("staff/new", kSupervisorRole, world_.here);
  EXPECT_EQ(Why(world_.Call<v1::Grant>("GiveGrant", unnamed, "staff/lee")), "INVALID_FIELD")
      << "the other centre's word about who it is does not count here";
  ASSERT_TRUE(world_.Break(world_.here, "staff/kim").ok());
  EXPECT_THAT(Told(), ElementsAre(boss));
  Supervises("staff/lee", world_.there, other->name());
  world_.world.SetClock("2023-05-02 15:00");
  ASSERT_TRUE(world_.Break(world_.here, "staff/kim").ok());
  EXPECT_THAT(Told(), ElementsAre(boss, other->name())) << "who acts for every centre may";
}

TEST_F(BrokenGlass, IsNotBrokenElsewhereNorByWhoMayNot) {
  EXPECT_EQ(Why(world_.Break(world_.there, "staff/kim")), "PERMISSION_DENIED");
  EXPECT_EQ(Why(world_.Break("*", "staff/kim")), "PERMISSION_DENIED");
  EXPECT_EQ(Why(world_.Break(world_.here, "staff/lee")), "PERMISSION_DENIED");
}

TEST_F(BrokenGlass, NeedsAReasonACauseAndATimeOfAtMostFourHours) {
  v1::BreakGlassRequest request;
  request.set_centre(world_.here);
  request.set_minutes(241);
  request.set_reason("because");
  const auto refused = world_.Call<v1::Grant>("BreakGlass", request, "staff/kim");
  EXPECT_EQ(Why(refused), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(refused.status()), UnorderedElementsAre("cause", "reason", "minutes"));
  request.set_cause(v1::BREAK_GLASS_CAUSE_DANGER);
  request.set_minutes(60);
  request.set_reason("a caller is in danger now");
  request.set_resource("persons/the-one-in-room-4");
  const auto words = world_.Call<v1::Grant>("BreakGlass", request, "staff/kim");
  EXPECT_THAT(base::FieldsOf(words.status()), ElementsAre("resource")) << "words are no name";
}

TEST(BrokenGlassPerson, IsToldOfEveryOne) {
  // The id is configured before the person is known.
  const base::Uuid person = base::Uuid::NewV7();
  AccessWorld world(person);
  ASSERT_TRUE(world.Break("*", "chief").ok());
  const auto events = world.world.Events("subjects/");
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[1].As<v1::BreakGlassAlerted>().supervisor_person_id(), person.ToString());
}

TEST(BrokenGlassPerson, IsNotEnoughWhereItIsWhoBreaksIt) {
  const base::Uuid person = base::Uuid::NewV7();
  AccessWorld world(person);
  v1::CreatePersonRequest create;
  create.set_person_id(person.ToString());
  create.mutable_person()->set_full_name("표은비");
  create.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
  const auto made = world.world.Call<v1::Person>("PersonService/CreatePerson", create);
  ASSERT_TRUE(made.ok()) << made.status();
  v1::GiveGrantRequest request = AccessWorld::Wish("staff/kim", "centre_head", world.here);
  request.set_person(made->name());
  ASSERT_TRUE(world.Call<v1::Grant>("GiveGrant", request).ok());
  EXPECT_EQ(Why(world.Break(world.here, "staff/kim")), "SUPERVISOR_MISSING");
}

}  // namespace
}  // namespace ieum::registry
