// Goal: nobody sees or changes what is personal without a row that says who, when, from where,
// whose and with what outcome; and when that row cannot be written nothing is given away. law:L17
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/person_service.grpc.pb.h"
#include "platform/base/status.h"
#include "platform/rpc/disclosure.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr char kName[] = "윤건우";

class AccessLogged : public ::testing::Test {
 protected:
  // Of the newest row.
  std::string Last(const std::string& columns) {
    return world_.Ask("SELECT concat_ws(' | ', " + columns +
                      ") FROM access_log ORDER BY recorded_at DESC, number DESC LIMIT 1");
  }
  std::string Rows() { return world_.Ask("SELECT count(*) FROM access_log"); }
  absl::StatusOr<v1::Person> Get(const std::string& name, rpc::Peer* as = nullptr) {
    v1::GetPersonRequest request;
    request.set_name(name);
    return world_.Call<v1::Person>("PersonService/GetPerson", request, as);
  }

  World world_;
};

TEST_F(AccessLogged, IsAReadWithAllThatTheLawAsksFor) {
  const std::string person = world_.Person(kName);
  ASSERT_TRUE(Get(person).ok());
  EXPECT_EQ(
      Last("account, action, method, outcome, array_to_string(subjects, ' ')"),
      "staff/manager | registry.persons.get | ieum.registry.v1.PersonService/GetPerson | OK | " +
          person);
  EXPECT_THAT(Last("source"), MatchesRegex("ipv4:127\\.0\\.0\\.1:[0-9]+"));
  EXPECT_EQ(
      world_.Ask("SELECT count(*) FROM access_log WHERE at BETWEEN now() - interval '1 minute' AND "
                 "now() AND length(trace_id) = 32"),
      Rows());
}

TEST_F(AccessLogged, IsAChangeUnderTheNameThatItWasGiven) {
  const std::string person = world_.Person(kName);
  EXPECT_EQ(Last("action, outcome, array_to_string(subjects, ' ')"),
            "registry.persons.create | OK | " + person);
}

TEST_F(AccessLogged, IsAListWithEveryoneThatItShowedAndTheQuestion) {
  std::vector<std::string> affiliations;
  for (int n = 1; n <= 3; ++n) {
    v1::CreateAffiliationRequest request;
    request.set_parent(world_.Person(kName));
    request.mutable_affiliation()->set_organization(world_.Firm(n));
    request.mutable_affiliation()->set_role(v1::AFFILIATION_ROLE_CONTACT);
    request.mutable_affiliation()->set_start_date("2023-01-02");
    affiliations.push_back(
        world_.Call<v1::Affiliation>("PersonService/CreateAffiliation", request)->name());
  }
  v1::ListAffiliationsRequest request;
  request.set_parent("persons/-");
  request.set_page_size(2);
  const auto first =
      world_.Call<v1::ListAffiliationsResponse>("PersonService/ListAffiliations", request);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(Last("cardinality(subjects), subjects[1]"), "3 | persons/-");
  const std::string question = Last("query");
  EXPECT_THAT(question, MatchesRegex("[0-9a-f]{32}"));
  request.set_page_token(first->next_page_token());
  ASSERT_TRUE(
      world_.Call<v1::ListAffiliationsResponse>("PersonService/ListAffiliations", request).ok());
  EXPECT_EQ(Last("cardinality(subjects), query"), "2 | " + question) << "one question, two pages";
  request.clear_page_token();
  request.set_filter("role = AFFILIATION_ROLE_CONTACT");
  ASSERT_TRUE(
      world_.Call<v1::ListAffiliationsResponse>("PersonService/ListAffiliations", request).ok());
  EXPECT_NE(Last("query"), question);
}

TEST_F(AccessLogged, IsWhatAServiceAsksToo) {
  const std::string person = world_.Person(kName);
  v1::BatchResolveContactsRequest request;
  v1::ContactQuestion& question = *request.add_questions();
  question.set_person(person);
  question.set_purpose(v1::CONTACT_PURPOSE_SERVICE_NOTICE);
  question.set_message_reference("messages/0190b0c0-0000-7000-8000-000000000001");
  ASSERT_TRUE(world_
                  .Call<v1::BatchResolveContactsResponse>("PersonService/BatchResolveContacts",
                                                          request, world_.service.get())
                  .ok());
  EXPECT_EQ(Last("account, outcome, array_to_string(subjects, ' ')"),
            "service/notify | OK | " + person);
}

TEST_F(AccessLogged, IsARefusedAttemptWithTheNameThatWasWanted) {
  const std::string person = world_.Person(kName);
  EXPECT_EQ(Get(person, world_.nobody.get()).status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Last("account, outcome, array_to_string(subjects, ' ')"),
            "staff/nobody | PERMISSION_DENIED | " + person);
  const auto stranger = world_.PeerWith("unknown");
  EXPECT_EQ(Get(person, stranger.get()).status().code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(Last("account, outcome, array_to_string(subjects, ' ')"),
            " | UNAUTHENTICATED | " + person);
  const std::string missing = "persons/0190b0c0-0000-7000-8000-00000000dead";
  EXPECT_EQ(Get(missing).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Last("outcome, array_to_string(subjects, ' ')"), "NOT_FOUND | " + missing);
}

TEST_F(AccessLogged, KeepsNothingThatACallerWroteWhereANameBelongs) {
  for (const char* hostile :
       {"persons/윤건우", "kim@firm.test", "persons/010-1234-5678", "윤건우"}) {
    for (rpc::Peer* peer : {world_.manager.get(), world_.nobody.get()}) {
      EXPECT_FALSE(Get(hostile, peer).ok());
      EXPECT_EQ(Last("cardinality(subjects)"), "0") << hostile;
    }
  }
}

TEST_F(AccessLogged, WritesDownOnlySoManyStrangersASecond) {
  const auto stranger = world_.PeerWith("unknown");
  const std::string person = world_.Person(kName);
  for (int n = 0; n < 200; ++n) (void)Get(person, stranger.get());
  const int rows = std::stoi(world_.Ask("SELECT count(*) FROM access_log WHERE account = ''"));
  EXPECT_GE(rows, 1);
  EXPECT_LT(rows, 200);
}

// One valid token in a loop does not stand in the way of everybody's reads, and everybody else's
// refusals are written down.
TEST_F(AccessLogged, WritesDownOnlySoManyRefusalsOfAnAccountASecond) {
  const std::string person = world_.Person(kName);
  const absl::Time began = absl::Now();
  for (int n = 0; n < 300; ++n) (void)Get(person, world_.nobody.get());
  for (int n = 0; n < 300; ++n) (void)Get("persons/nobody");  // admitted, and not understood
  const auto seconds = static_cast<int>(absl::ToInt64Seconds(absl::Now() - began)) + 2;
  for (const char* account : {"staff/nobody", "staff/manager"}) {
    const int rows = std::stoi(world_.Ask(absl::StrCat(
        "SELECT count(*) FROM access_log WHERE outcome <> 'OK' AND account = '", account, "'")));
    EXPECT_GE(rows, 1) << account;
    EXPECT_LE(rows, rpc::RefusalAllowance::kOfOne * seconds) << account;
    EXPECT_LT(rows, 300) << account;
  }
  const auto stranger = world_.PeerWith("unknown");
  (void)Get(person, stranger.get());
  EXPECT_EQ(Last("outcome"), "UNAUTHENTICATED");
  EXPECT_TRUE(Get(person).ok());
  EXPECT_EQ(Last("account, outcome"), "staff/manager | OK");
}

// Who stands for which firm is personal, too.
TEST_F(AccessLogged, IsWhoStandsForAFirmInACampaign) {
  const std::string person = world_.Person(kName), campaign = world_.OpenCampaign();
  v1::CreateEnrolmentRequest request;
  request.set_parent(campaign);
  request.mutable_enrolment()->set_organization(world_.Firm(1));
  request.mutable_enrolment()->set_contact_person(person);
  const auto made = world_.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", request);
  ASSERT_TRUE(made.ok()) << made.status();
  const std::string both = made->name() + " " + person;
  EXPECT_THAT(Last("action, outcome, array_to_string(subjects, ' ')"),
              HasSubstr("registry.enrolments.create | OK | "));
  EXPECT_THAT(Last("array_to_string(subjects, ' ')"), HasSubstr(person));
  v1::GetEnrolmentRequest get;
  get.set_name(made->name());
  ASSERT_TRUE(world_.Call<v1::Enrolment>("EnrolmentService/GetEnrolment", get).ok());
  EXPECT_EQ(Last("action, array_to_string(subjects, ' ')"), "registry.enrolments.get | " + both);
  v1::ListEnrolmentsRequest list;
  list.set_parent(campaign);
  ASSERT_TRUE(
      world_.Call<v1::ListEnrolmentsResponse>("EnrolmentService/ListEnrolments", list).ok());
  EXPECT_EQ(Last("action, array_to_string(subjects, ' ')"), "registry.enrolments.list | " + both);
}

// The answer waits for its row; without it there is none.
TEST_F(AccessLogged, GivesNothingAwayWhileItCannotBeWritten) {
  const std::string person = world_.Person(kName);
  world_.Ask("ALTER TABLE access_log RENAME TO away");
  const auto answer = Get(person);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(answer.status().message()), Not(HasSubstr(kName)));
  EXPECT_EQ(Get(person, world_.nobody.get()).status().code(), absl::StatusCode::kPermissionDenied)
      << "a refusal gives nothing away";
  EXPECT_FALSE(world_.Firm(9).empty()) << "nothing personal";
  world_.Ask("ALTER TABLE away RENAME TO access_log");
  EXPECT_TRUE(Get(person).ok());
}

TEST_F(AccessLogged, IsNotWhatHasNothingPersonal) {
  const std::string firm = world_.Firm(1);
  v1::GetOrganizationRequest request;
  request.set_name(firm);
  ASSERT_TRUE(world_.Call<v1::Organization>("OrganizationService/GetOrganization", request).ok());
  EXPECT_EQ(Rows(), "0");
}

// law:L19
TEST_F(AccessLogged, HoldsTheReasonThatTheCallerGave) {
  const std::string person = world_.Person(kName);
  const auto channel = grpc::CreateChannel(world_.address(), grpc::InsecureChannelCredentials());
  const auto Ask = [&](const std::string& reason) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer manager");
    context.AddMetadata("ieum-reason-bin", reason);
    v1::GetPersonRequest request;
    request.set_name(person);
    v1::Person response;
    return v1::PersonService::NewStub(channel)
        ->GetPerson(&context, request, &response)
        .error_code();
  };
  EXPECT_EQ(Ask("정보주체의 열람 요청"), grpc::StatusCode::OK);
  EXPECT_EQ(Last("reason"), "정보주체의 열람 요청");
  EXPECT_EQ(Ask("of 880101-1234567"), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM access_log WHERE reason LIKE '%880101%'"), "0");
  EXPECT_EQ(Ask(std::string(501, 'x')), grpc::StatusCode::INVALID_ARGUMENT);
}

// law:L19
TEST_F(AccessLogged, HoldsTheReasonInARequestThatAsksForOneWhateverStandsBesideIt) {
  world_.Person(kName);
  const auto channel = grpc::CreateChannel(world_.address(), grpc::InsecureChannelCredentials());
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer manager");
  context.AddMetadata("ieum-reason-bin", "something else");
  v1::SearchPersonsRequest request;
  request.set_full_name(kName);
  request.set_access_reason("정보주체의 열람 요청");
  v1::SearchPersonsResponse response;
  const auto found =
      v1::PersonService::NewStub(channel)->SearchPersons(&context, request, &response);
  ASSERT_TRUE(found.ok()) << found.error_message();
  EXPECT_EQ(Last("reason"), "정보주체의 열람 요청");
}

}  // namespace
}  // namespace ieum::registry
