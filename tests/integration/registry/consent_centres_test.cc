// Goal: consents and receipts are those of the centre that keeps the person's data; for another one
// they are as if they were not. Method: two centres side by side, every method of the door.
// row:R11 row:R23
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/integration/registry/consent_world.h"
#include "tests/support/centres.h"

namespace ieum::registry {
namespace {

using ieum::testing::Door;
using ieum::testing::Ids;
using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::IsEmpty;

constexpr char kPackage[] = "ieum.registry.v1";

const std::vector<Door>& Doors() {
  static const auto* doors = new std::vector<Door>{
      {"ConsentService/RecordConsent",
       "parent: 'persons/{person}' consent { purpose: CONSENT_PURPOSE_COLLECTION state: "
       "CONSENT_STATE_GIVEN consent_text: 'consentTexts/{text}' channel: CONSENT_CHANNEL_WEB "
       "decide_time { seconds: 1682900000 } }"},
      {"ConsentService/RecordConsent",
       "parent: 'persons/{own_person}' consent { purpose: CONSENT_PURPOSE_COLLECTION state: "
       "CONSENT_STATE_GIVEN consent_text: 'consentTexts/{text}' channel: CONSENT_CHANNEL_WEB "
       "decide_time { seconds: 1682900000 } guardian: 'persons/{person}' }",
       "PERSON_UNKNOWN"},
      {"ConsentService/WithdrawConsents",
       "parent: 'persons/{person}' channel: CONSENT_CHANNEL_WEB"},
      {"ConsentService/GetConsent", "name: 'persons/{person}/consents/{consent}'"},
      {"ConsentService/AuthorizeProvision",
       "parent: 'persons/{person}' recipient: 'organizations/{firm}' items: 'name'"},
      {"ConsentService/AuthorizePublication",
       "parent: 'persons/{person}' publication_kind: PUBLICATION_KIND_PHOTO"},
      {"ConsentService/OverrideConsentReceipt",
       "name: 'persons/{person}/consentReceipts/{receipt}' ground: OVERRIDE_GROUND_STATUTE "
       "reason: 'asked for' etag: '\"77\"'"},
      {"ConsentService/GetConsentReceipt", "name: 'persons/{person}/consentReceipts/{receipt}'"}};
  return *doors;
}

const std::vector<Door>& Lists() {
  static const auto* lists = new std::vector<Door>{
      {"ConsentService/ListConsents", "parent: 'persons/-'"},
      {"ConsentService/ListConsents", "parent: 'persons/-' filter: 'current = true'"},
      {"ConsentService/ListConsentReceipts", "parent: 'persons/-' order_by: 'ask_time desc'"}};
  return *lists;
}

class ConsentCentres : public ::testing::Test {
 protected:
  ConsentCentres() {
    consents_.world.Centre(kCentreA, 901);
    consents_.world.Centre(kCentreB, 902);
    shared_["firm"] = IdOf(consents_.world.Firm(1));
    shared_["text"] = IdOf(consents_.Text(v1::CONSENT_PURPOSE_COLLECTION));
    a_ = Fill("centre-a");
    b_ = Fill("centre-b");
  }

  // The same kinds of rows for each centre.
  Ids Fill(const std::string& token) {
    const auto peer = consents_.world.PeerWith(token);
    v1::CreatePersonRequest person;
    person.mutable_person()->set_full_name("김");
    person.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
    const auto made =
        consents_.world.Call<v1::Person>("PersonService/CreatePerson", person, peer.get());
    EXPECT_TRUE(made.ok()) << made.status();
    const auto said =
        consents_.Call<v1::Consent>("RecordConsent",
                                    consents_.Saying(made->name(), v1::CONSENT_PURPOSE_COLLECTION,
                                                     "consentTexts/" + shared_.at("text")),
                                    peer.get());
    EXPECT_TRUE(said.ok()) << said.status();
    EXPECT_EQ(said->centre(),
              absl::StrCat("organizations/", token == "centre-a" ? kCentreA : kCentreB));
    v1::AuthorizePublicationRequest publication;
    publication.set_parent(made->name());
    publication.set_publication_kind(v1::PUBLICATION_KIND_PHOTO);
    const auto receipt =
        consents_.Call<v1::ConsentReceipt>("AuthorizePublication", publication, peer.get());
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return {{"person", IdOf(made->name())},
            {"consent", IdOf(said->name())},
            {"receipt", IdOf(receipt->name())}};
  }

  ieum::testing::Calls CallsAs(const std::string& token) {
    return [peer = std::shared_ptr<rpc::Peer>(consents_.world.PeerWith(token))](
               const std::string& method, const google::protobuf::Message& request,
               google::protobuf::Message* response) {
      return peer->Call(absl::StrCat("/", kPackage, ".", method), request, response,
                        absl::Seconds(30));
    };
  }
  static std::vector<std::string> Words(const Ids& ids) {
    std::vector<std::string> words;
    for (const auto& [word, id] : ids) words.push_back(id);
    return words;
  }

  ConsentWorld consents_;
  Ids shared_, a_, b_;
};

TEST_F(ConsentCentres, DoNotTellAnothersRowsFromRowsThatAreNotThere) {
  shared_["own_person"] = a_.at("person");
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), b_, shared_, CallsAs("centre-a")),
              IsEmpty());
  shared_["own_person"] = b_.at("person");
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), a_, shared_, CallsAs("centre-b")),
              IsEmpty());
}

TEST_F(ConsentCentres, ListTheirOwnRowsOnly) {
  EXPECT_THAT(
      ieum::testing::ListsThatShow(kPackage, Lists(), shared_, Words(b_), CallsAs("centre-a")),
      IsEmpty());
  EXPECT_THAT(
      ieum::testing::ListsThatShow(kPackage, Lists(), shared_, Words(a_), CallsAs("centre-b")),
      IsEmpty());
}

TEST_F(ConsentCentres, AreThoughtOfInEveryMethod) {
  EXPECT_THAT(ieum::testing::Forgotten(
                  {"ieum.registry.v1.ConsentService"}, Doors(), Lists(),
                  {{"ConsentService/CreateConsentText", "what is asked is everybody's: suite-wide"},
                   {"ConsentService/GetConsentText", "what is asked is everybody's"},
                   {"ConsentService/ListConsentTexts", "what is asked is everybody's"}}),
              IsEmpty());
}

TEST_F(ConsentCentres, LeaveTheTextsToTheSuite) {
  v1::CreateConsentTextRequest request;
  *request.mutable_consent_text() = consents_.Wording(v1::CONSENT_PURPOSE_SENSITIVE);
  EXPECT_EQ(Why(consents_.Call<v1::ConsentText>("CreateConsentText", request,
                                                consents_.world.PeerWith("centre-a").get())),
            "PERMISSION_DENIED");
}

// A counsellor of one centre who works for another, too, is seen there; her consents are hers to
// give at the centre that keeps her data.
TEST_F(ConsentCentres, KeepTheConsentsOfWhomTheyKeep) {
  v1::CreateAffiliationRequest request;
  request.set_parent("persons/" + b_.at("person"));
  request.mutable_affiliation()->set_organization(absl::StrCat("organizations/", kCentreA));
  request.mutable_affiliation()->set_role(v1::AFFILIATION_ROLE_CONSULTANT);
  request.mutable_affiliation()->set_start_date("2023-05-01");
  ASSERT_TRUE(consents_.world
                  .Call<v1::Affiliation>("PersonService/CreateAffiliation", request,
                                         consents_.world.PeerWith("centre-b").get())
                  .ok());
  EXPECT_EQ(Why(consents_.Call<v1::Consent>(
                "RecordConsent",
                consents_.Saying("persons/" + b_.at("person"), v1::CONSENT_PURPOSE_COLLECTION,
                                 "consentTexts/" + shared_.at("text")),
                consents_.world.PeerWith("centre-a").get())),
            "PERMISSION_DENIED");
}

}  // namespace
}  // namespace ieum::registry
