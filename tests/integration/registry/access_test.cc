// Goal: who holds what is decided by those who may, counts at once, and leaves its whole history;
// one who left holds nothing (row Y6, law L21). Method: the door of grants over a real PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/access/subject_id.h"
#include "tests/integration/registry/access_world.h"

namespace ieum::registry {
namespace {

using absl::StatusCode;
using base::ReasonOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kEverywhere[] = "*";

template <class T>
std::string Why(const absl::StatusOr<T>& answer) {
  return answer.ok() ? "OK" : ReasonOf(answer.status());
}

class Grants : public ::testing::Test {
 protected:
  std::vector<std::string> Accounts(const std::string& as) {
    std::vector<std::string> accounts;
    const auto page = world_.List("", as);
    EXPECT_TRUE(page.ok()) << page.status();
    for (const v1::Grant& grant : page->grants()) accounts.push_back(grant.account());
    return accounts;
  }

  AccessWorld world_;
};

// row:Y6
TEST_F(Grants, CountAtOnceAndEndAtOnce) {
  EXPECT_EQ(Why(world_.List("", "staff/kim")), "PERMISSION_DENIED");
  const auto given = world_.Give("staff/kim", "access_manager", world_.here);
  ASSERT_TRUE(given.ok()) << given.status();
  EXPECT_EQ(Why(world_.List("", "staff/kim")), "OK");
  ASSERT_TRUE(world_.Revoke(given->name()).ok());
  EXPECT_EQ(Why(world_.List("", "staff/kim")), "PERMISSION_DENIED");
}

// law:L21
TEST_F(Grants, KeepWhoGaveAndEndedThemWhenAndWhy) {
  const auto given = world_.Give("staff/kim", "judge", world_.here);
  ASSERT_TRUE(given.ok()) << given.status();
  world_.world.SetClock("2023-06-01 09:00");
  ASSERT_TRUE(world_.Revoke(given->name()).ok());
  const auto page = world_.List("account = \"staff/kim\" AND end = GRANT_END_REVOKED");
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_THAT(page->grants(), SizeIs(1));
  const v1::Grant& grant = page->grants(0);
  EXPECT_EQ(grant.name(), given->name());
  EXPECT_EQ(grant.role(), "judge");
  EXPECT_EQ(grant.centre(), world_.here);
  EXPECT_EQ(grant.giver(), "staff/chief");
  EXPECT_EQ(grant.reason(), "works there from today on");
  EXPECT_EQ(grant.ender(), "staff/chief");
  EXPECT_EQ(grant.end_reason(), "other tasks");
  EXPECT_EQ(grant.end_time().seconds(), absl::ToUnixSeconds(Korea("2023-06-01 09:00")));
  EXPECT_EQ(Why(world_.Revoke(given->name())), "GRANT_ENDED");
  EXPECT_TRUE(world_.Give("staff/kim", "judge", world_.here).ok()) << "may be given again";
}

TEST_F(Grants, AreNeverGivenToOneself) {
  const auto refused = world_.Give("staff/chief", "judge", world_.here);
  EXPECT_EQ(Why(refused), "GRANT_TO_SELF");
  EXPECT_EQ(refused.status().code(), StatusCode::kPermissionDenied);
}

TEST_F(Grants, DoNotReachBeyondTheirGiver) {
  ASSERT_TRUE(world_.Give("staff/kim", "access_manager", world_.here).ok());
  EXPECT_EQ(Why(world_.Give("staff/lee", "case_manager", world_.here, "staff/kim")),
            "GRANT_BEYOND_OWN");
  EXPECT_EQ(Why(world_.Give("staff/lee", "access_manager", world_.here, "staff/kim")), "OK");
  ASSERT_TRUE(world_.Give("staff/kim", "case_manager", world_.there).ok());
  EXPECT_EQ(Why(world_.Give("staff/lee", "case_manager", world_.here, "staff/kim")),
            "GRANT_BEYOND_OWN")
      << "held in another centre";
  EXPECT_EQ(Why(world_.Give("staff/lee", "operator", kEverywhere)), "GRANT_BEYOND_OWN");
}

// Who runs a programme says who counsels in it, and reads nothing of that himself: neither by his
// own account nor by another one of his. row:C36
TEST_F(Grants, OfWhoCounselsAreGivenByWhoRunsTheProgrammeToOthers) {
  const std::string kim = world_.PersonOf(world_.here, "윤건우");
  v1::GiveGrantRequest runs = AccessWorld::Wish("staff/kim", "programme_manager", world_.here);
  runs.set_person(kim);
  ASSERT_TRUE(world_.Call<v1::Grant>("GiveGrant", runs).ok());
  for (const char* role : {"supervisor", "case_manager", "centre_head", "consultant"}) {
    EXPECT_EQ(Why(world_.Give("staff/lee", role, world_.here, "staff/kim")), "OK") << role;
    EXPECT_EQ(Why(world_.Give("staff/lee", role, world_.there, "staff/kim")), "PERMISSION_DENIED");
  }
  EXPECT_EQ(Why(world_.Give("staff/lee", "auditor", world_.here, "staff/kim")), "GRANT_BEYOND_OWN");
  EXPECT_EQ(Why(world_.Give("staff/kim", "supervisor", world_.here, "staff/kim")), "GRANT_TO_SELF");
  v1::GiveGrantRequest second = AccessWorld::Wish("staff/park", "case_manager", world_.here);
  second.set_person(kim);
  EXPECT_EQ(Why(world_.Call<v1::Grant>("GiveGrant", second, "staff/kim")), "GRANT_TO_SELF");
  second.set_role("judge");
  EXPECT_EQ(Why(world_.Call<v1::Grant>("GiveGrant", second, "staff/kim")), "OK")
      << "holds all of it himself";
  // Nor where he calls his second account somebody else's, or himself by another record of his.
  ASSERT_TRUE(world_.Give("staff/kim", "programme_manager", kEverywhere).ok());
  second.set_role("supervisor");
  second.set_person(world_.PersonOf(world_.here, "박서연"));
  EXPECT_EQ(Why(world_.Call<v1::Grant>("GiveGrant", second, "staff/kim")), "GRANT_TO_SELF");
  const std::string again = world_.PersonOf(world_.here, "윤건우");
  world_.world.Ask("UPDATE person SET merged_into = '" + IdOf(kim) + "' WHERE id = '" +
                   IdOf(again) + "' RETURNING 1");
  second.set_account("staff/park2");
  second.set_person(again);
  EXPECT_EQ(Why(world_.Call<v1::Grant>("GiveGrant", second, "staff/kim")), "PERSON_MERGED");
}

TEST_F(Grants, OfOtherCentresAreNotTheGiversToGiveSeeOrEnd) {
  ASSERT_TRUE(world_.Give("staff/kim", "access_manager", world_.here).ok());
  const auto elsewhere = world_.Give("staff/park", "judge", world_.there);
  ASSERT_TRUE(elsewhere.ok());
  const std::string nowhere = "organizations/0190b0c0-0000-7000-8000-00000000dead";
  for (const std::string& centre : {world_.there, nowhere, std::string(kEverywhere)}) {
    const auto refused = world_.Give("staff/lee", "judge", centre, "staff/kim");
    EXPECT_EQ(Why(refused), "PERMISSION_DENIED") << centre;
    EXPECT_EQ(refused.status().message(), "the caller does not act for this centre");
  }
  EXPECT_THAT(Accounts("staff/kim"), ElementsAre("staff/kim"));
  EXPECT_THAT(Accounts("chief"), SizeIs(2));
  const auto refused = world_.Revoke(elsewhere->name(), "staff/kim");
  EXPECT_EQ(Why(refused), "NOT_FOUND");
  v1::GetSubjectRequest get;
  get.set_name(elsewhere->name().substr(0, elsewhere->name().find("/grants")));
  EXPECT_EQ(Why(world_.Call<v1::Subject>("GetSubject", get, "staff/kim")), "NOT_FOUND");
  EXPECT_EQ(world_.Call<v1::Subject>("GetSubject", get)->account(), "staff/park");
}

// row:R11
TEST_F(Grants, InALeadCentreReachTheOnesBelowAsLongAsItLeads) {
  const auto put_below = [&](const std::string& lead) {
    v1::UpdateOrganizationRequest move;
    move.mutable_organization()->set_name(world_.there);
    move.mutable_organization()->set_parent(lead);
    move.mutable_update_mask()->add_paths("parent");
    ASSERT_TRUE(
        world_.world.Call<v1::Organization>("OrganizationService/UpdateOrganization", move).ok());
  };
  put_below(world_.here);
  ASSERT_TRUE(world_.Give("staff/kim", "access_manager", world_.here).ok());
  const auto below = world_.Give("staff/lee", "access_manager", world_.there, "staff/kim");
  ASSERT_TRUE(below.ok()) << below.status();
  EXPECT_THAT(Accounts("staff/kim"), SizeIs(2));
  put_below("");
  ASSERT_TRUE(world_.Give("staff/park", "judge", world_.here).ok());  // the book is read again
  EXPECT_EQ(Why(world_.Revoke(below->name(), "staff/kim")), "NOT_FOUND");
  EXPECT_EQ(Why(world_.Give("staff/park", "access_manager", world_.there, "staff/kim")),
            "PERMISSION_DENIED");
}

TEST_F(Grants, NameWhatIsWrongWithAWish) {
  const std::string firm = world_.Organization(v1::ORGANIZATION_KIND_FIRM);
  EXPECT_EQ(Why(world_.Give("staff/kim", "emperor", world_.here)), "ROLE_UNKNOWN");
  for (const char* role : {"service", "service_notify", "break_glass"}) {
    EXPECT_EQ(Why(world_.Give("staff/kim", role, world_.here)), "ROLE_RESERVED") << role;
  }
  EXPECT_EQ(Why(world_.Give("service/notify", "judge", world_.here)), "ACCOUNT_OF_SERVICE");
  EXPECT_EQ(Why(world_.Give("staff/kim", "judge", firm)), "CENTRE_UNKNOWN");
  EXPECT_EQ(
      Why(world_.Give("staff/kim", "judge", "organizations/0190b0c0-0000-7000-8000-00000000dead")),
      "CENTRE_UNKNOWN");
  v1::GiveGrantRequest request = AccessWorld::Wish("staff/kim", "judge", world_.here);
  request.set_person("persons/0190b0c0-0000-7000-8000-00000000dead");
  const auto refused = world_.Call<v1::Grant>("GiveGrant", request);
  EXPECT_EQ(Why(refused), "PERSON_UNKNOWN");
  EXPECT_THAT(base::FieldsOf(refused.status()), ElementsAre("person"));
  ASSERT_TRUE(world_.Give("staff/kim", "judge", world_.here).ok());
  EXPECT_EQ(Why(world_.Give("staff/kim", "judge", world_.here)), "GRANT_EXISTS");
  EXPECT_EQ(Why(world_.Give("staff/kim", "judge", kEverywhere)), "OK");
}

TEST_F(Grants, TakeNoHostileValue) {
  const std::vector<std::pair<std::string, std::string>> wishes = {
      {"account", ""},
      {"account", "kim'; DROP TABLE subject; --"},
      {"account", "김"},
      {"account", std::string(129, 'a')},
      {"role", "../judge"},
      {"role", "Judge"},
      {"centre", ""},
      {"centre", "organizations/-"},
      {"centre", "*,*"},
      {"reason", ""},
      {"reason", std::string(501, 'x')}};
  for (const auto& [field, value] : wishes) {
    v1::GiveGrantRequest request = AccessWorld::Wish("staff/kim", "judge", world_.here);
    request.GetReflection()->SetString(&request, request.GetDescriptor()->FindFieldByName(field),
                                       value);
    const auto refused = world_.Call<v1::Grant>("GiveGrant", request);
    EXPECT_EQ(Why(refused), "INVALID_FIELD") << field << " " << value;
    EXPECT_THAT(base::FieldsOf(refused.status()), Each(field));
  }
  v1::GiveGrantRequest request = AccessWorld::Wish("staff/kim", "judge", world_.here);
  request.set_reason("the one with 800101-1234560");
  EXPECT_EQ(Why(world_.Call<v1::Grant>("GiveGrant", request)), "RESIDENT_NUMBER");
  EXPECT_EQ(world_.world.Ask("SELECT count(*) FROM subject"), "0");
}

TEST_F(Grants, AreGivenOnceForARequestAndNotOverAChange) {
  v1::GiveGrantRequest request = AccessWorld::Wish("staff/kim", "judge", world_.here);
  request.set_request_id(base::Uuid::NewV7().ToString());
  const auto first = world_.Call<v1::Grant>("GiveGrant", request);
  const auto again = world_.Call<v1::Grant>("GiveGrant", request);
  ASSERT_TRUE(first.ok() && again.ok()) << again.status();
  EXPECT_EQ(first->name(), again->name());
  v1::GiveGrantRequest stale = AccessWorld::Wish("staff/kim", "auditor", world_.here);
  stale.set_etag("\"7\"");
  EXPECT_EQ(Why(world_.Call<v1::Grant>("GiveGrant", stale)), "GRANT_BEYOND_OWN");
  stale.set_role("consultant");
  EXPECT_EQ(Why(world_.Call<v1::Grant>("GiveGrant", stale)), "STALE_ETAG");
  stale.set_etag(first->etag());
  EXPECT_EQ(Why(world_.Call<v1::Grant>("GiveGrant", stale)), "OK");
}

// row:Y6 law:L21
TEST_F(Grants, OfOneWhoLeftEndAllAtOnceWhateverATokenSays) {
  ASSERT_TRUE(world_.Give("staff/kim", "judge", world_.here).ok());
  ASSERT_TRUE(world_.Give("staff/kim", "access_manager", kEverywhere).ok());
  EXPECT_EQ(Why(world_.List("", "claimed")), "OK") << "kim with a token that says so";
  const auto closed = world_.Close("staff/kim");
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(closed->state(), v1::SUBJECT_STATE_CLOSED);
  EXPECT_EQ(Why(world_.List("", "staff/kim")), "PERMISSION_DENIED");
  EXPECT_EQ(Why(world_.List("", "claimed")), "PERMISSION_DENIED");
  EXPECT_THAT(world_.List("end = GRANT_END_SUBJECT_CLOSED")->grants(), SizeIs(2));
  EXPECT_EQ(Why(world_.Give("staff/kim", "judge", world_.here)), "SUBJECT_CLOSED");
  EXPECT_EQ(Why(world_.Close("staff/kim")), "SUBJECT_CLOSED");
  v1::ReopenSubjectRequest reopen;
  reopen.set_name(closed->name());
  reopen.set_reason("back from leave");
  ASSERT_TRUE(world_.Call<v1::Subject>("ReopenSubject", reopen).ok());
  EXPECT_EQ(Why(world_.Call<v1::Subject>("ReopenSubject", reopen)), "SUBJECT_OPEN");
  EXPECT_EQ(Why(world_.List("", "staff/kim")), "PERMISSION_DENIED") << "gets nothing back";
  EXPECT_THAT(world_.world.EventTypes("subjects/"),
              ElementsAre("GrantGiven", "GrantGiven", "SubjectClosed", "GrantEnded", "GrantEnded",
                          "SubjectReopened"));
}

TEST_F(Grants, OfAnAccountNeverHeardOfAreClosedToo) {
  const auto closed = world_.Close("staff/lee");
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(closed->name(), "subjects/" + access::SubjectId("staff/lee").ToString());
  EXPECT_EQ(Why(world_.Close("service/notify")), "ACCOUNT_OF_SERVICE");
}

// A closed account is refused by the whole suite, also where a token and not a grant let it in.
TEST_F(Grants, OfAnAccountAreClosedByWhoActsForEveryCentreOnly) {
  ASSERT_TRUE(world_.Give("staff/park", "programme_manager", world_.here).ok());
  ASSERT_TRUE(world_.Give("staff/kim", "judge", world_.here, "staff/park").ok());
  EXPECT_EQ(Why(world_.Close("staff/kim", "staff/park")), "PERMISSION_DENIED");
  EXPECT_EQ(Why(world_.List("", "claimed")), "OK") << "kim's token still counts";
  ASSERT_TRUE(world_.Give("staff/park", "access_manager", kEverywhere).ok());
  EXPECT_EQ(Why(world_.Close("staff/kim", "staff/park")), "OK");
}

TEST_F(Grants, ShowOfAnAccountOnlyWhatIsOfTheCallersCentres) {
  ASSERT_TRUE(world_.Give("staff/park", "access_manager", world_.here).ok());
  v1::GiveGrantRequest request = AccessWorld::Wish("staff/kim", "judge", world_.here);
  const std::string person = world_.world.Person("표은비");
  request.set_person(person);
  const auto given = world_.Call<v1::Grant>("GiveGrant", request);
  ASSERT_TRUE(given.ok()) << given.status();
  v1::GetSubjectRequest get;
  get.set_name(given->name().substr(0, given->name().find("/grants")));
  const auto See = [&](const std::string& as) {
    return world_.Call<v1::Subject>("GetSubject", get, as);
  };
  EXPECT_EQ(See("staff/park")->person(), person);
  ASSERT_TRUE(world_.Give("staff/kim", "judge", world_.there).ok());
  const auto blank = See("staff/park");
  ASSERT_TRUE(blank.ok()) << blank.status();
  EXPECT_EQ(blank->account(), "staff/kim");
  EXPECT_EQ(blank->person(), "");
  EXPECT_EQ(See("chief")->person(), person);
  ASSERT_TRUE(world_.Revoke(given->name()).ok());
  EXPECT_EQ(Why(See("staff/park")), "NOT_FOUND") << "holds nothing here any more";
  ASSERT_TRUE(world_.Close("staff/kim").ok());
  EXPECT_EQ(See("chief")->state_reason(), "left");
}

// Why glass was broken may tell of somebody. law:L17
TEST_F(Grants, LeaveARowInTheAccessLogWhenTheyAreReadOrChanged) {
  const auto Rows = [&](const std::string& action) {
    return world_.world.Ask(
        "SELECT concat_ws(' ', account, array_to_string(subjects, ' ')) FROM "
        "access_log WHERE action = 'registry.grants." +
        action + "'");
  };
  v1::GiveGrantRequest request = AccessWorld::Wish("staff/kim", "judge", world_.here);
  request.set_person(world_.world.Person("표은비"));
  const auto given = world_.Call<v1::Grant>("GiveGrant", request);
  ASSERT_TRUE(given.ok()) << given.status();
  EXPECT_THAT(Rows("give"), HasSubstr(request.person())) << "who said who she is";
  ASSERT_TRUE(world_.List().ok());
  EXPECT_EQ(Rows("list"), "staff/chief subjects/- " + given->name());
  v1::GetSubjectRequest get;
  get.set_name(given->name().substr(0, given->name().find("/grants/")));
  ASSERT_TRUE(world_.Call<v1::Subject>("GetSubject", get).ok());
  EXPECT_EQ(world_.world.Ask("SELECT array_to_string(subjects, ' ') FROM access_log WHERE action = "
                             "'registry.subjects.get'"),
            get.name() + " " + request.person());
  ASSERT_TRUE(world_.Revoke(given->name()).ok());
  EXPECT_EQ(Rows("revoke"), "staff/chief " + given->name());
}

// row:X11
TEST_F(Grants, AreToldOfWithoutTheAccount) {
  ASSERT_TRUE(world_.Give("staff/kim", "judge", world_.here).ok());
  ASSERT_TRUE(world_.Close("staff/kim").ok());
  for (const Told& event : world_.world.Events("subjects/")) {
    EXPECT_THAT(event.payload, Not(HasSubstr("kim"))) << event.type;
    EXPECT_THAT(event.payload, Not(HasSubstr("works there"))) << event.type;
    EXPECT_THAT(event.subject, Not(HasSubstr("kim")));
  }
}

}  // namespace
}  // namespace ieum::registry
