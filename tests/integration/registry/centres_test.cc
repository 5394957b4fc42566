// Goal: a centre's staff sees and changes what is its centre's, and what is another's is as if it
// were not. Method: two centres side by side with the same kinds of data, every method of the
// contract. row:R11 row:R23
#include "tests/support/centres.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/integration/registry/centre_doors.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ieum::testing::Ids;
using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ieum::testing::kCentreC;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kPackage[] = "ieum.registry.v1";

class Centres : public ::testing::Test {
 protected:
  Centres() {
    Centre(kCentreA, 901);
    Centre(kCentreB, 902);
    Centre(kCentreC, 903);
    shared_["third"] = kCentreC;
    shared_["firm"] = IdOf(world_.Firm(1));
    a_ = Fill("centre-a", "가센터");
    b_ = Fill("centre-b", "나센터");
    shared_["own_campaign"] = a_.at("campaign");
    shared_["own_lead"] = a_.at("lead");
  }

  // The name in what was answered, which must be no refusal.
  std::string Say(const std::string& token, const std::string& method, const std::string& text) {
    const auto request = ieum::testing::RequestOf(kPackage, {method, text}, shared_);
    const auto peer = world_.PeerWith(token);
    const auto status = Ask(*peer, method, *request);
    EXPECT_TRUE(status.ok()) << method << ": " << status.status();
    return status.ok() ? *status : "";
  }

  absl::Status Refused(const std::string& token, const std::string& method,
                       const std::string& text) {
    const auto request = ieum::testing::RequestOf(kPackage, {method, text}, shared_);
    const auto peer = world_.PeerWith(token);
    return Ask(*peer, method, *request).status();
  }

  absl::StatusOr<std::string> Ask(rpc::Peer& peer, const std::string& method,
                                  const google::protobuf::Message& request) {
    const auto* type = google::protobuf::DescriptorPool::generated_pool()
                           ->FindMethodByName(absl::StrCat(
                               kPackage, ".", absl::StrReplaceAll(method, {{"/", "."}})))
                           ->output_type();
    std::unique_ptr<google::protobuf::Message> response(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    RETURN_IF_ERROR(peer.Call(absl::StrCat("/", kPackage, ".", method), request, response.get(),
                              absl::Seconds(30)));
    const auto* name = type->FindFieldByName("name");
    return name == nullptr ? response->DebugString()
                           : response->GetReflection()->GetString(*response, name);
  }

  void Centre(const std::string& id, int n) {
    Say("manager", "OrganizationService/CreateOrganization",
        absl::StrCat("organization_id: '", id, "' organization { kind: ORGANIZATION_KIND_CENTRE ",
                     "display_name: '센터 ", n, "' business_registration_number: '",
                     BusinessNumber(n), "' }"));
  }

  // The same kinds of rows for each centre; its staff need not say whose they are.
  Ids Fill(const std::string& token, const std::string& word) {
    Ids ids;
    const std::string campaign = Say(
        token, "CampaignService/CreateCampaign",
        absl::StrCat("campaign { programme: 'BSN' edition: '2023' code: '",
                     token == "centre-a" ? "A1" : "B1", "' display_name: '", word,
                     "' task: TASK_KIND_CAMPAIGN admission: ADMISSION_MODE_RULES window { ",
                     "start_time { seconds: 1678669200 } end_time { seconds: 1696928400 } } }"));
    Say(token, "CampaignService/OpenCampaign", absl::StrCat("name: '", campaign, "'"));
    const std::string person =
        Say(token, "PersonService/CreatePerson",
            absl::StrCat("person { full_name: '", word, "김' basis: LEGAL_BASIS_CONTRACT email: '",
                         token, "@example.test' }"));
    Say(token, "PersonService/CreatePerson",
        absl::StrCat("duplicate_policy: DUPLICATE_POLICY_QUEUE person { full_name: '", word,
                     "김' basis: LEGAL_BASIS_CONTRACT email: '", token, "@example.test' }"));
    ids["pair"] = world_.Ask(absl::StrCat("SELECT id FROM duplicate_pair WHERE '", IdOf(person),
                                          "' IN (person_id, other_person_id)"));
    ids["campaign"] = IdOf(campaign);
    ids["person"] = IdOf(person);
    ids["affiliation"] =
        IdOf(Say(token, "PersonService/CreateAffiliation",
                 absl::StrCat("parent: '", person,
                              "' affiliation { organization: 'organizations/{firm}' role: "
                              "AFFILIATION_ROLE_CONTACT start_date: '2023-05-01' }")));
    ids["change"] = IdOf(
        Say(token, "ChangeService/RequestChange",
            absl::StrCat("reason: 'by letter' update_person { person { name: '", person,
                         "' full_name: '", word, "박' } update_mask { paths: 'full_name' } }")));
    ids["enrolment"] = IdOf(
        Say(token, "EnrolmentService/CreateEnrolment",
            absl::StrCat("parent: '", campaign,
                         "' enrolment { organization: 'organizations/{firm}' contact_person: '",
                         person, "' }")));
    ids["import"] = IdOf(Say(
        token, "ImportService/CreateImport",
        absl::StrCat("import { kind: IMPORT_KIND_PEOPLE duplicate_policy: DUPLICATE_POLICY_LINK "
                     "content_hash: '",
                     std::string(64, token == "centre-a" ? 'a' : 'b'), "' }")));
    ids["lead"] = IdOf(
        Say(token, "LeadService/CreateLead",
            absl::StrCat("lead { organization: 'organizations/{firm}' programme: 'INC' edition: "
                         "'2025' contact_person: '",
                         person, "' }")));
    ids["data_export"] =
        IdOf(Say(token, "DataExportService/CreateDataExport",
                 absl::StrCat("data_export { person: '", person,
                              "' applicant: DATA_EXPORT_APPLICANT_SELF channel: "
                              "DATA_EXPORT_CHANNEL_VISIT received_date: '2023-05-02' }")));
    ids["move"] = IdOf(Say(token, "MoveService/RequestMove",
                           absl::StrCat("organization: 'organizations/{firm}' to_centre: "
                                        "'organizations/{third}' reason: 'closer by'")));
    return ids;
  }

  ieum::testing::Calls CallsAs(const std::string& token) {
    return [peer = std::shared_ptr<rpc::Peer>(world_.PeerWith(token))](
               const std::string& method, const google::protobuf::Message& request,
               google::protobuf::Message* response) {
      return peer->Call(absl::StrCat("/", kPackage, ".", method), request, response,
                        absl::Seconds(30));
    };
  }

  static std::vector<std::string> Words(const Ids& ids, const std::string& more) {
    std::vector<std::string> words = {more};
    for (const auto& [word, id] : ids) words.push_back(id);
    return words;
  }

  World world_;
  Ids shared_, a_, b_;
};

TEST_F(Centres, DoNotTellAnothersRowsFromRowsThatAreNotThere) {
  const std::string before = world_.Ask("SELECT count(*) FROM event_log");
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), b_, shared_, CallsAs("centre-a")),
              IsEmpty());
  shared_["own_campaign"] = b_.at("campaign");
  shared_["own_lead"] = b_.at("lead");
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), a_, shared_, CallsAs("centre-b")),
              IsEmpty());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM event_log"), before);
}

TEST_F(Centres, ListTheirOwnRowsOnly) {
  EXPECT_THAT(ieum::testing::ListsThatShow(kPackage, Lists(), shared_, Words(b_, "나센터"),
                                           CallsAs("centre-a")),
              IsEmpty());
  EXPECT_THAT(ieum::testing::ListsThatShow(kPackage, Lists(), shared_, Words(a_, "가센터"),
                                           CallsAs("centre-b")),
              IsEmpty());
  EXPECT_THAT(ieum::testing::ListsThatShow(kPackage, Lists(), shared_, Words(a_, "가센터"),
                                           CallsAs("centre-ab")),
              Not(IsEmpty()))
      << "who acts for both sees both";
}

TEST_F(Centres, AreThoughtOfInEveryMethod) {
  EXPECT_THAT(
      ieum::testing::Forgotten(
          {"ieum.registry.v1.CampaignService", "ieum.registry.v1.EnrolmentService",
           "ieum.registry.v1.LeadService", "ieum.registry.v1.PersonService",
           "ieum.registry.v1.DuplicateService", "ieum.registry.v1.OrganizationService",
           "ieum.registry.v1.TimelineService", "ieum.registry.v1.MoveService",
           "ieum.registry.v1.DataExportService", "ieum.registry.v1.ChangeService"},
          Doors(), Lists(),
          {{"CampaignService/CreateCampaign", "makes a row of the caller's centre"},
           {"PersonService/CreatePerson", "makes a row of the caller's centre"},
           {"PersonService/SearchPersons", "looks among persons in scope; has a test of its own"},
           {"DuplicateService/StartDuplicateScan", "looks at everybody: suite-wide"},
           {"DuplicateService/GetDuplicateScan", "of everybody: suite-wide"},
           {"ChangeService/SetSensitiveFields", "of everybody: suite-wide"},
           {"ChangeService/ListSensitiveFieldSets", "what is sensitive is everybody's to know"},
           {"PersonService/ResolveContacts", "for the sender of messages, who acts for the suite"},
           {"PersonService/BatchResolveContacts", "for the sender of messages"},
           {"OrganizationService/CreateOrganization", "the directory is everybody's"},
           {"OrganizationService/GetOrganization", "the directory is everybody's"},
           {"OrganizationService/ListOrganizations", "the directory is everybody's"},
           {"OrganizationService/UpdateOrganization", "the directory is everybody's"},
           {"OrganizationService/RecordOrganizationFacts", "the directory is everybody's"},
           {"OrganizationService/ListOrganizationFacts", "the directory is everybody's"},
           {"OrganizationService/SearchOrganizations", "the directory is everybody's"},
           {"OrganizationService/ListOrganizationChanges", "the directory is everybody's"},
           {"OrganizationService/RecordOrganizationLabel", "the directory is everybody's"},
           {"OrganizationService/ListOrganizationLabels", "the directory is everybody's"},
           {"OrganizationService/RecordCouncilTerm", "the directory is everybody's"},
           {"OrganizationService/ListCouncilTerms", "the directory is everybody's"},
           {"OrganizationService/DeactivateOrganization",
            "reaches into every centre: suite-wide"}}),
      IsEmpty());
}

// What was made without a word belongs to the only centre of who made it.
TEST_F(Centres, ComeFromWhoMakesSomething) {
  EXPECT_EQ(world_.Ask("SELECT string_agg(DISTINCT code || centre_id, ' ' ORDER BY code || "
                       "centre_id) FROM campaign"),
            absl::StrCat("A1", kCentreA, " B1", kCentreB));
  for (const char* table : {"enrolment", "person", "affiliation", "lead"}) {
    EXPECT_EQ(world_.Ask(absl::StrCat("SELECT count(DISTINCT centre_id) FROM ", table)), "2");
  }
  const std::string person = "person { full_name: '이' basis: LEGAL_BASIS_DUTY centre: '";
  const auto choose = Refused("centre-ab", "PersonService/CreatePerson", person + "' }");
  EXPECT_THAT(base::FieldsOf(choose), ::testing::ElementsAre("person.centre"));
  EXPECT_THAT(std::string(choose.message()), HasSubstr("must name one of the centres"));
  for (const std::string& other : {std::string(kCentreB), base::Uuid::NewV7().ToString()}) {
    const auto refused = Refused("centre-a", "PersonService/CreatePerson",
                                 absl::StrCat(person, "organizations/", other, "' }"));
    EXPECT_EQ(base::ReasonOf(refused), "INVALID_FIELD");
    EXPECT_THAT(std::string(refused.message()), HasSubstr("must be a centre that you act for"));
  }
  const std::string chosen = Say("centre-ab", "PersonService/CreatePerson",
                                 absl::StrCat(person, "organizations/", kCentreB, "' }"));
  EXPECT_TRUE(Refused("centre-b", "PersonService/GetPerson", "name: '" + chosen + "'").ok());
  EXPECT_FALSE(Refused("centre-a", "PersonService/GetPerson", "name: '" + chosen + "'").ok());
  const auto firm = Refused("manager", "PersonService/CreatePerson",
                            absl::StrCat(person, "organizations/{firm}' }"));
  EXPECT_THAT(std::string(firm.message()), HasSubstr("must be a registered centre or agency"));
}

TEST_F(Centres, DoNotSeeWhatIsTheSuites) {
  const std::string campaign = world_.OpenCampaign();
  const std::string person = world_.Person("박");
  EXPECT_TRUE(Refused("manager", "CampaignService/GetCampaign", "name: '" + campaign + "'").ok());
  EXPECT_EQ(base::ReasonOf(
                Refused("centre-ab", "CampaignService/GetCampaign", "name: '" + campaign + "'")),
            "NOT_FOUND");
  EXPECT_EQ(
      base::ReasonOf(Refused("centre-ab", "PersonService/GetPerson", "name: '" + person + "'")),
      "NOT_FOUND");
}

// A counsellor of one centre who works for another, too, is seen there while she does.
TEST_F(Centres, SeeWhoActsForThem) {
  const std::string person = "persons/" + b_.at("person");
  const std::string get = "name: '" + person + "'";
  EXPECT_FALSE(Refused("centre-a", "PersonService/GetPerson", get).ok());
  const std::string affiliation =
      Say("centre-b", "PersonService/CreateAffiliation",
          absl::StrCat("parent: '", person, "' affiliation { organization: 'organizations/",
                       kCentreA, "' role: AFFILIATION_ROLE_CONSULTANT start_date: '2023-05-01' }"));
  EXPECT_TRUE(Refused("centre-a", "PersonService/GetPerson", get).ok());
  EXPECT_EQ(base::ReasonOf(Refused(
                "centre-a", "PersonService/UpdatePerson",
                absl::StrCat("person { ", get, " full_name: '최' basis: ", "LEGAL_BASIS_DUTY }"))),
            "PERMISSION_DENIED");
  EXPECT_EQ(base::ReasonOf(
                Refused("centre-a", "PersonService/EndAffiliation", "name: '" + affiliation + "'")),
            "PERMISSION_DENIED");
  EXPECT_THAT(Say("centre-a", "PersonService/ListAffiliations", "parent: '" + person + "'"),
              ::testing::AllOf(HasSubstr(affiliation), Not(HasSubstr(b_.at("affiliation")))));
  Say("centre-b", "PersonService/EndAffiliation", "name: '" + affiliation + "'");
  EXPECT_EQ(base::ReasonOf(Refused("centre-a", "PersonService/GetPerson", get)), "NOT_FOUND");
}

TEST_F(Centres, LeaveWhatAllShareToTheSuite) {
  EXPECT_EQ(base::ReasonOf(Refused("centre-a", "OrganizationService/DeactivateOrganization",
                                   "name: 'organizations/{firm}' reason: "
                                   "DEACTIVATION_REASON_CLOSED_DOWN")),
            "PERMISSION_DENIED");
  const auto rename = [](const std::string& id) {
    return absl::StrCat("organization { name: 'organizations/", id,
                        "' display_name: '새 이름' } update_mask { paths: 'display_name' }");
  };
  EXPECT_EQ(base::ReasonOf(
                Refused("centre-a", "OrganizationService/UpdateOrganization", rename(kCentreB))),
            "PERMISSION_DENIED");
  EXPECT_TRUE(Refused("centre-a", "OrganizationService/UpdateOrganization", rename(kCentreA)).ok());
  EXPECT_TRUE(
      Refused("centre-a", "OrganizationService/UpdateOrganization", rename(shared_.at("firm")))
          .ok());
}

TEST_F(Centres, HaveTheirOwnPageTokens) {
  Say("centre-a", "CampaignService/CreateCampaign",
      "campaign { programme: 'BSN' edition: '2023' code: 'A2' display_name: '둘째' task: "
      "TASK_KIND_FOCUS_CONSULTING admission: ADMISSION_MODE_NONE }");
  v1::ListCampaignsRequest request;
  request.set_page_size(1);
  const auto as = [&](const std::string& token) {
    return world_.Call<v1::ListCampaignsResponse>("CampaignService/ListCampaigns", request,
                                                  world_.PeerWith(token).get());
  };
  const auto page = as("centre-a");
  ASSERT_TRUE(page.ok()) << page.status();
  request.set_page_token(page->next_page_token());
  EXPECT_TRUE(as("centre-a").ok());
  for (const char* other : {"centre-b", "centre-ab", "manager"}) {
    EXPECT_EQ(base::ReasonOf(as(other).status()), "PAGE_TOKEN_INVALID") << other;
  }
}

// The answer that is kept under a request id is its caller's.
TEST_F(Centres, DoNotHearTheAnswersOfOthers) {
  const std::string text =
      absl::StrCat("person { full_name: '정' basis: LEGAL_BASIS_DUTY } request_id: '",
                   base::Uuid::NewV7().ToString(), "'");
  const std::string name = Say("centre-b", "PersonService/CreatePerson", text);
  EXPECT_EQ(Say("centre-b", "PersonService/CreatePerson", text), name);
  for (const char* other : {"centre-a", "centre-ab", "manager"}) {
    const auto refused = Refused(other, "PersonService/CreatePerson", text);
    EXPECT_EQ(base::ReasonOf(refused), "REQUEST_ID_REUSED") << other;
    EXPECT_THAT(std::string(refused.message()), Not(HasSubstr(IdOf(name))));
  }
}

TEST_F(Centres, TravelInTheEvents) {
  const auto told = world_.Events("campaigns/" + b_.at("campaign"));
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.front().As<v1::CampaignCreated>().campaign().centre_id(), kCentreB);
  const auto asked = world_.Events(
      absl::StrCat("campaigns/", b_.at("campaign"), "/enrolments/", b_.at("enrolment")));
  ASSERT_FALSE(asked.empty());
  EXPECT_EQ(asked.front().As<v1::EnrolmentApplied>().enrolment().centre_id(), kCentreB);
  const auto person = world_.Events("persons/" + b_.at("person"));
  EXPECT_EQ(person.front().As<v1::PersonRegistered>().centre_id(), kCentreB);
  EXPECT_EQ(person.back().As<v1::AffiliationStarted>().centre_id(), kCentreB);
}

}  // namespace
}  // namespace ieum::registry
