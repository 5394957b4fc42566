// Goal: what somebody holds counts in the whole suite, and nothing of it when he has left, when it
// was taken back, or when its time is over; a broken glass is heard of. Method: the four services
// as real processes, people who hold nothing but what they are given here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ieum/casemgmt/v1/case_service.pb.h"
#include "ieum/casemgmt/v1/engagement_service.pb.h"
#include "ieum/casemgmt/v1/session_service.pb.h"
#include "ieum/notify/v1/rule_service.pb.h"
#include "ieum/registry/v1/access_service.pb.h"
#include "ieum/registry/v1/campaign_service.pb.h"
#include "ieum/registry/v1/consent_service.pb.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "ieum/reporting/v1/indicator_service.pb.h"
#include "platform/base/status.h"
#include "tests/flows/accounts.h"
#include "tests/support/centres.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kWritten[] = "상사의 괴롭힘을 호소함";
constexpr char kAccess[] = "/ieum.registry.v1.AccessService/";
constexpr char kListCampaigns[] = "/ieum.registry.v1.CampaignService/ListCampaigns";
// From the answer of the command to the refusal in another service: poll of the relay, stream,
// consumer, look of the book. Generous: the machine may be busy.
constexpr absl::Duration kLatency = absl::Seconds(10);

std::string TextOf(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class AccessFlow : public ::testing::Test {
 protected:
  void SetUp() override { SetClocks(suite_, "2023-05-02T11:00:00+09:00"); }

  template <class Response>
  Response Drive(const std::string& service, const std::string& method,
                 const google::protobuf::Message& request) {
    Response response;
    const absl::Status called = suite_.driver(service).Call(method, request, &response);
    EXPECT_TRUE(called.ok()) << method << ": " << called;
    return response;
  }
  registry::v1::Grant Give(const std::string& account, const std::string& role,
                           const std::string& centre, const std::string& person = "") {
    registry::v1::GiveGrantRequest request;
    request.set_account(account);
    request.set_role(role);
    request.set_centre(centre);
    request.set_reason("works there");
    request.set_person(person);
    return Drive<registry::v1::Grant>("registry", absl::StrCat(kAccess, "GiveGrant"), request);
  }
  registry::v1::Subject Close(const std::string& account) {
    registry::v1::CloseSubjectRequest request;
    request.set_account(account);
    request.set_reason("left");
    return Drive<registry::v1::Subject>("registry", absl::StrCat(kAccess, "CloseSubject"), request);
  }
  // One list of each service.
  std::vector<std::string> Lists(const std::string& token) {
    return {accounts_.Try(token, kListCampaigns, registry::v1::ListCampaignsRequest()),
            accounts_.Try(token, "/ieum.casemgmt.v1.EngagementService/ListEngagements",
                          casemgmt::v1::ListEngagementsRequest()),
            accounts_.Try(token, "/ieum.reporting.v1.IndicatorService/ListIndicators",
                          reporting::v1::ListIndicatorsRequest()),
            accounts_.Try(token, "/ieum.notify.v1.RuleService/ListRules",
                          notify::v1::ListRulesRequest())};
  }
  bool Become(const std::string& token, const std::string& answer) {
    return WaitFor(
        [&] {
          const auto lists = Lists(token);
          return std::all_of(lists.begin(), lists.end(),
                             [&](const std::string& each) { return each == answer; });
        },
        absl::ToChronoMilliseconds(kLatency));
  }
  std::string Centre(const std::string& number) {
    registry::v1::CreateOrganizationRequest request;
    request.mutable_organization()->set_kind(registry::v1::ORGANIZATION_KIND_CENTRE);
    request.mutable_organization()->set_display_name("동래여성새로일하기센터");
    request.mutable_organization()->set_business_registration_number(number);
    return Drive<registry::v1::Organization>(
               "registry", "/ieum.registry.v1.OrganizationService/CreateOrganization", request)
        .name();
  }
  std::string Person(const std::string& full_name, const std::string& email) {
    registry::v1::CreatePersonRequest request;
    request.mutable_person()->set_full_name(full_name);
    request.mutable_person()->set_email(email);
    request.mutable_person()->set_basis(registry::v1::LEGAL_BASIS_CONTRACT);
    return Drive<registry::v1::Person>("registry", "/ieum.registry.v1.PersonService/CreatePerson",
                                       request)
        .name();
  }
  // What the driver made, by name: "registry", "ConsentService/RecordConsent" and a request in
  // text.
  std::string Make(const std::string& service, const std::string& method, const std::string& text) {
    const std::string package = absl::StrCat("ieum.", service, ".v1");
    const auto request = RequestOf(package, {method, text}, {});
    const auto* type = google::protobuf::DescriptorPool::generated_pool()
                           ->FindMethodByName(absl::StrCat(
                               package, ".", absl::StrReplaceAll(method, {{"/", "."}})))
                           ->output_type();
    const std::unique_ptr<google::protobuf::Message> made(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    const absl::Status called =
        suite_.driver(service).Call(absl::StrCat("/", package, ".", method), *request, made.get());
    EXPECT_TRUE(called.ok()) << method << ": " << called;
    return made->GetReflection()->GetString(*made, type->FindFieldByName("name"));
  }
  // A note on a session with a client of the centre, whose case the driver manages.
  std::string NoteOn(const std::string& person, const std::string& centre) {
    const std::string asked =
        Make("registry", "ConsentService/CreateConsentText",
             "consent_text { code: 'COLLECTION' version: 1 language: LANGUAGE_KO purpose: "
             "CONSENT_PURPOSE_COLLECTION stated_purpose: '상담' items: '성명' retention: '1년' "
             "refusal_right: '거부할 수 있습니다' refusal_disadvantage: '없음' }");
    Make("registry", "ConsentService/RecordConsent",
         absl::StrCat("parent: '", person, "' consent { purpose: CONSENT_PURPOSE_COLLECTION ",
                      "state: CONSENT_STATE_GIVEN consent_text: '", asked, "' channel: ",
                      "CONSENT_CHANNEL_PAPER decide_time { seconds: 1682900000 } }"));
    EXPECT_TRUE(suite_.WaitSettled());
    const std::string of_case =
        Make("casemgmt", "CaseService/CreateCase",
             absl::StrCat("case { person: '", person, "' programme: 'INC' edition: '2023' source: ",
                          "CASE_SOURCE_SELF centre: '", centre, "' }"));
    Make("casemgmt", "CaseService/ContactCase", absl::StrCat("name: '", of_case, "'"));
    Make("casemgmt", "CaseService/TakeInCase", absl::StrCat("name: '", of_case, "'"));
    const std::string session =
        Make("casemgmt", "SessionService/PlanSession",
             absl::StrCat("parent: '", of_case, "' type: SESSION_TYPE_GRIEVANCE channel: ",
                          "SESSION_CHANNEL_PHONE goal: '상담'"));
    return Make("casemgmt", "SessionService/AddSessionNote",
                absl::StrCat("parent: '", session, "' text: '", kWritten,
                             "' sensitivity: NOTE_SENSITIVITY_CONFIDENTIAL"));
  }
  // What of a note is read, or why nothing is.
  std::string ReadNote(const std::string& token, const std::string& name) {
    casemgmt::v1::ReadSessionNoteRequest request;
    request.set_name(name);
    casemgmt::v1::SessionNote note;
    const absl::Status read =
        accounts_.Call(token, "/ieum.casemgmt.v1.SessionService/ReadSessionNote", request, &note);
    return read.ok() ? note.text() : base::ReasonOf(read);
  }
  // A campaign of the centre, and an engagement with a firm in it.
  void OpenEngagementOf(const std::string& centre) {
    registry::v1::CreateOrganizationRequest firm;
    firm.mutable_organization()->set_kind(registry::v1::ORGANIZATION_KIND_FIRM);
    firm.mutable_organization()->set_display_name("동백정밀");
    firm.mutable_organization()->set_business_registration_number("999-86-00010");
    registry::v1::CreateCampaignRequest campaign;
    campaign.mutable_campaign()->set_programme("BSN");
    campaign.mutable_campaign()->set_edition("2023");
    campaign.mutable_campaign()->set_code("FOCUS");
    campaign.mutable_campaign()->set_display_name("중점 컨설팅");
    campaign.mutable_campaign()->set_task(registry::v1::TASK_KIND_FOCUS_CONSULTING);
    campaign.mutable_campaign()->set_admission(registry::v1::ADMISSION_MODE_NONE);
    campaign.mutable_campaign()->set_centre(centre);
    casemgmt::v1::CreateEngagementRequest engagement;
    engagement.mutable_engagement()->set_organization(
        Drive<registry::v1::Organization>(
            "registry", "/ieum.registry.v1.OrganizationService/CreateOrganization", firm)
            .name());
    engagement.mutable_engagement()->set_campaign(
        Drive<registry::v1::Campaign>("registry",
                                      "/ieum.registry.v1.CampaignService/CreateCampaign", campaign)
            .name());
    ASSERT_TRUE(suite_.WaitSettled());
    Drive<casemgmt::v1::Engagement>(
        "casemgmt", "/ieum.casemgmt.v1.EngagementService/CreateEngagement", engagement);
  }
  std::string OnlyMail() const {
    std::string text;
    for (const auto& file : std::filesystem::directory_iterator(suite_.mail_dir())) {
      if (file.path().extension() == ".eml") text += TextOf(file.path().string());
    }
    return text;
  }

  Suite suite_;
  Accounts accounts_{suite_,
                     {{"kim", "staff/kim", {}, {}},
                      {"kim-claims", "staff/kim", {"programme_manager"}, {"*"}},
                      {"lee", "staff/lee", {}, {}},
                      {"park", "staff/park", {}, {}}}};
};

// row:Y6 law:L21
TEST_F(AccessFlow, EndsForOneWhoLeavesInRegistryAtOnceAndEverywhereSoon) {
  EXPECT_THAT(Lists("kim"), Each("PERMISSION_DENIED"));
  Give("staff/kim", "programme_manager", "*");
  EXPECT_EQ(Lists("kim")[0], "OK") << "registry, at once";
  ASSERT_TRUE(Become("kim", "OK"));
  Close("staff/kim");
  EXPECT_EQ(Lists("kim")[0], "PERMISSION_DENIED") << "registry, at once";
  const absl::Time closed = absl::Now();
  ASSERT_TRUE(Become("kim", "PERMISSION_DENIED"));
  RecordProperty("milliseconds", absl::StrCat(absl::ToInt64Milliseconds(absl::Now() - closed)));
  EXPECT_THAT(Lists("kim-claims"), Each("PERMISSION_DENIED")) << "whatever a token says";
  // Not even a service that was away meanwhile lets him in.
  for (const std::string& service : kServices) {
    suite_.KillService(service);
    suite_.StartService(service);
  }
  EXPECT_TRUE(WaitFor([&] { return Lists("kim-claims")[0] == "PERMISSION_DENIED"; }));
  EXPECT_THAT(Lists("kim-claims"), Each("PERMISSION_DENIED"));
}

TEST_F(AccessFlow, EndsWhenAGrantIsRevoked) {
  const registry::v1::Grant grant = Give("staff/kim", "programme_manager", "*");
  ASSERT_TRUE(Become("kim", "OK"));
  registry::v1::RevokeGrantRequest request;
  request.set_name(grant.name());
  request.set_reason("other tasks");
  Drive<registry::v1::Grant>("registry", absl::StrCat(kAccess, "RevokeGrant"), request);
  EXPECT_EQ(Lists("kim")[0], "PERMISSION_DENIED");
  EXPECT_TRUE(Become("kim", "PERMISSION_DENIED"));
}

// How many campaigns and engagements somebody sees.
struct Seen {
  int campaigns = 0, engagements = 0;
  bool operator==(const Seen&) const = default;
};

// row:R11 row:R24
TEST_F(AccessFlow, HoldsBelowALeadCentreInEveryServiceAsLongAsItLeads) {
  const std::string lead = Centre("999-81-00015"), sister = Centre("999-82-00012");
  Give("staff/kim", "case_manager", lead);
  OpenEngagementOf(sister);
  const auto seen = [&] {
    registry::v1::ListCampaignsResponse campaigns;
    casemgmt::v1::ListEngagementsResponse engagements;
    accounts_.Call("kim", kListCampaigns, registry::v1::ListCampaignsRequest(), &campaigns)
        .IgnoreError();
    accounts_
        .Call("kim", "/ieum.casemgmt.v1.EngagementService/ListEngagements",
              casemgmt::v1::ListEngagementsRequest(), &engagements)
        .IgnoreError();
    return Seen{campaigns.campaigns_size(), engagements.engagements_size()};
  };
  const auto move = [&](const std::string& below) {
    registry::v1::UpdateOrganizationRequest request;
    request.mutable_organization()->set_name(sister);
    request.mutable_organization()->set_parent(below);
    request.mutable_update_mask()->add_paths("parent");
    Drive<registry::v1::Organization>(
        "registry", "/ieum.registry.v1.OrganizationService/UpdateOrganization", request);
  };
  const auto become = [&](const Seen& wanted) {
    return WaitFor([&] { return seen() == wanted; }, absl::ToChronoMilliseconds(kLatency));
  };
  ASSERT_TRUE(become({0, 0}));
  move(lead);
  EXPECT_TRUE(become({1, 1}));
  ASSERT_TRUE(suite_.WaitSettled());
  for (const std::string& service : kServices) {
    EXPECT_EQ(suite_.Ask(service, "SELECT count(parent_id) FROM access_centre"), "1") << service;
  }
  move("");
  EXPECT_TRUE(become({0, 0}));
}

// Nobody has entered the rule and the template of that mail: notify has them by itself. row:C36
TEST_F(AccessFlow, OpensAfterABrokenGlassForAWhileAndTheSupervisorIsTold) {
  const std::string centre = Centre("999-81-00015");
  const std::string boss = Person("표은비", "boss@centre.test");
  Give("staff/lee", "supervisor", centre, boss);
  Give("staff/kim", "centre_head", centre, Person("윤건우", "kim@centre.test"));
  const std::string client = Person("표하늘", "client@home.test");
  const std::string note = NoteOn(client, centre);
  // Who heads this centre and keeps cases in another one reads by neither.
  Give("staff/park", "centre_head", centre);
  Give("staff/park", "case_manager", Centre("999-82-00012"));
  EXPECT_TRUE(WaitFor([&] { return ReadNote("park", note) == "NOT_FOUND"; }));
  EXPECT_TRUE(WaitFor([&] { return ReadNote("lee", note) == kWritten; })) << "the supervisor";
  EXPECT_EQ(ReadNote("kim", note), "PERMISSION_DENIED");
  const auto visits = [&] {
    casemgmt::v1::ListVisitsRequest request;
    request.set_parent("engagements/-");
    return accounts_.Try("kim", "/ieum.casemgmt.v1.EngagementService/ListVisits", request);
  };
  EXPECT_EQ(visits(), "PERMISSION_DENIED");
  registry::v1::BreakGlassRequest request;
  request.set_centre(centre);
  request.set_cause(registry::v1::BREAK_GLASS_CAUSE_ABSENCE);
  request.set_reason("nobody can be reached, the visit is in an hour");
  request.set_minutes(30);
  registry::v1::Grant broken;
  const absl::Status status =
      accounts_.Call("kim", absl::StrCat(kAccess, "BreakGlass"), request, &broken);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_TRUE(WaitFor([&] { return visits() == "OK"; }));
  EXPECT_EQ(ReadNote("kim", note), kWritten);
  EXPECT_EQ(suite_.Ask("casemgmt",
                       absl::StrCat("SELECT string_agg(account || ' ' || emergency, ', ' ORDER BY "
                                    "account) FROM access_log WHERE action = "
                                    "'casemgmt.session_notes.read' AND outcome = 'OK' AND '",
                                    client, "' = ANY(subjects)")),
            "staff/kim true, staff/lee false");
  EXPECT_EQ(suite_.Ask("registry", "SELECT reason FROM subject_grant WHERE kind = 2"),
            request.reason());
  EXPECT_EQ(suite_.Ask("casemgmt",
                       "SELECT DISTINCT emergency FROM access_log WHERE account = 'staff/kim' AND "
                       "action = 'casemgmt.visits.list' AND outcome = 'OK'"),
            "t");
  ASSERT_TRUE(suite_.WaitSettled());
  EXPECT_EQ(suite_.Mails(), 1);
  EXPECT_THAT(OnlyMail(), HasSubstr("boss@centre.test"));
  for (const std::string& secret : {client, note, std::string("표하늘"), request.reason()}) {
    EXPECT_THAT(OnlyMail(), Not(HasSubstr(secret)));
  }
  SetClocks(suite_, "2023-05-02T11:30:00+09:00");
  EXPECT_EQ(visits(), "PERMISSION_DENIED") << "by the clock, at once";
  EXPECT_EQ(ReadNote("kim", note), "PERMISSION_DENIED");
  ASSERT_TRUE(suite_.WaitSettled());
  EXPECT_EQ(suite_.Ask("registry", "SELECT ended_by FROM subject_grant WHERE kind = 2"), "3");
  EXPECT_EQ(suite_.Ask("casemgmt", "SELECT count(*) FROM access_grant WHERE role = 'break_glass'"),
            "0");
}

}  // namespace
}  // namespace ieum::testing
