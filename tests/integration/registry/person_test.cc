// Goal: who a person is can be read back by those who may, and by nobody from the database, the
// events or a refusal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/telemetry/log.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kName[] = "윤건우";
constexpr char kEmail[] = "planted@g001.firms.test";
constexpr char kPhone[] = "010-0000-4321";

v1::CreatePersonRequest CreateRequest() {
  v1::CreatePersonRequest request;
  v1::Person& person = *request.mutable_person();
  person.set_full_name(kName);
  person.set_email(kEmail);
  person.set_phone(kPhone);
  person.set_latin_name("PLANTED, Latin");
  person.set_birth_year(1984);
  person.set_preferred_language(v1::LANGUAGE_KO);
  person.set_basis(v1::LEGAL_BASIS_CONTRACT);
  return request;
}

class People : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Person> Create(const v1::CreatePersonRequest& request) {
    return world_.Call<v1::Person>("PersonService/CreatePerson", request);
  }
  absl::StatusOr<v1::Person> Update(const v1::UpdatePersonRequest& request) {
    return world_.Call<v1::Person>("PersonService/UpdatePerson", request);
  }
  absl::StatusOr<v1::Affiliation> Affiliate(const std::string& person,
                                            const std::string& organization,
                                            const std::string& start = "2023-01-02") {
    v1::CreateAffiliationRequest request;
    request.set_parent(person);
    request.mutable_affiliation()->set_organization(organization);
    request.mutable_affiliation()->set_role(v1::AFFILIATION_ROLE_CONTACT);
    request.mutable_affiliation()->set_start_date(start);
    return world_.Call<v1::Affiliation>("PersonService/CreateAffiliation", request);
  }
  // Rows of any table that contain the text, as PostgreSQL prints them.
  std::string RowsWith(const std::string& text) {
    const std::string like = "'%" + text + "%'";
    std::string sql = "SELECT 0";
    for (const char* table :
         {"person", "person_key", "affiliation", "event_log", "command_dedup", "contact_receipt",
          "aggregate", "person_match_key", "person_version"}) {
      sql +=
          std::string(" + (SELECT count(*) FROM ") + table + " t WHERE t::text LIKE " + like + ")";
    }
    return world_.Ask(sql + " + (SELECT count(*) FROM event_log WHERE position('" + text +
                      "'::bytea IN payload) > 0)");
  }

  World world_;
};

TEST_F(People, AreReadBackWithEverythingThatWasGiven) {
  const auto person = Create(CreateRequest());
  ASSERT_TRUE(person.ok()) << person.status();
  EXPECT_EQ(person->full_name(), kName);
  EXPECT_EQ(person->latin_name(), "PLANTED, Latin");
  EXPECT_EQ(person->birth_year(), 1984);
  EXPECT_EQ(person->email(), kEmail);
  EXPECT_EQ(person->phone(), kPhone);
  EXPECT_EQ(person->phone_e164(), "+821000004321");
  EXPECT_EQ(person->basis(), v1::LEGAL_BASIS_CONTRACT);
  EXPECT_EQ(person->etag(), "\"1\"");
}

// row:R28
TEST_F(People, LeaveNoPersonalValueInAnyTableOrEvent) {
  const auto person = Create(CreateRequest());
  ASSERT_TRUE(person.ok());
  v1::UpdatePersonRequest update;
  update.mutable_person()->set_name(person->name());
  update.mutable_person()->set_email("planted2@g001.firms.test");
  ASSERT_TRUE(Update(update).ok());
  for (const char* value : {kName, "PLANTED", "planted", "00004321", "0000-4321", "firms.test"}) {
    EXPECT_EQ(RowsWith(value), "0") << value;
  }
  const auto event = world_.Events(person->name())[1].As<v1::PersonUpdated>();
  EXPECT_THAT(event.changed_fields(), ElementsAre("email"));
}

// row:R28
TEST_F(People, LeaveNoPersonalValueInTheLog) {
  static const bool started = (telemetry::StartLog("registry", "info"), true);
  ASSERT_TRUE(started);
  ::testing::internal::CaptureStdout();
  const auto person = Create(CreateRequest());
  v1::CreatePersonRequest bad = CreateRequest();
  bad.mutable_person()->set_phone("010-0000-43210");
  EXPECT_FALSE(Create(bad).ok());
  v1::ResolveContactsRequest resolve;
  resolve.add_persons(person->name());
  resolve.set_purpose(v1::CONTACT_PURPOSE_SERVICE_NOTICE);
  resolve.set_message_reference("messages/0190b0c0-0000-7000-8000-000000000001");
  EXPECT_TRUE(world_
                  .Call<v1::ResolveContactsResponse>("PersonService/ResolveContacts", resolve,
                                                     world_.service.get())
                  .ok());
  const std::string log = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(log, HasSubstr("ResolveContacts")) << "the log was looked at";
  for (const char* value : {kName, "PLANTED", "planted", "00004321", "0000-4321", "firms.test"}) {
    EXPECT_THAT(log, Not(HasSubstr(value)));
  }
}

TEST_F(People, AreFoundByBlindIndexOfPhoneAndEmailAlone) {
  ASSERT_TRUE(Create(CreateRequest()).ok());
  v1::CreatePersonRequest same = CreateRequest();
  same.mutable_person()->set_phone("+82 10 0000 4321");
  same.mutable_person()->set_email("Planted@G001.firms.TEST");
  ASSERT_TRUE(Create(same).ok());
  v1::CreatePersonRequest other = CreateRequest();
  other.mutable_person()->set_phone("010-0000-4322");
  other.mutable_person()->set_email("other@g001.firms.test");
  ASSERT_TRUE(Create(other).ok());
  EXPECT_EQ(world_.Ask("SELECT count(DISTINCT phone_index) FROM person"), "2");
  EXPECT_EQ(world_.Ask("SELECT count(DISTINCT email_index) FROM person"), "2");
  EXPECT_EQ(world_.Ask("SELECT count(DISTINCT phone_box) FROM person"), "3");
}

// law:L10
TEST_F(People, RefuseAResidentNumberAndABadPhoneWithoutEchoingThem) {
  v1::CreatePersonRequest request = CreateRequest();
  request.mutable_person()->set_full_name("윤 900101-1234567");
  absl::Status refusal = Create(request).status();
  EXPECT_EQ(base::ReasonOf(refusal), "RESIDENT_NUMBER");
  EXPECT_THAT(std::string(refusal.message()), Not(HasSubstr("900101")));
  request = CreateRequest();
  request.mutable_person()->set_phone("010-98-76");
  refusal = Create(request).status();
  EXPECT_EQ(base::ReasonOf(refusal), "PHONE_INVALID");
  EXPECT_THAT(base::FieldsOf(refusal), ElementsAre("person.phone"));
  EXPECT_THAT(std::string(refusal.message()), Not(HasSubstr("98-76")));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person"), "0");
}

// row:R26 row:R27
TEST_F(People, AreCreatedOnceAndChangedOnlyFromTheKnownState) {
  v1::CreatePersonRequest request = CreateRequest();
  request.set_request_id(base::Uuid::NewV7().ToString());
  request.set_person_id(base::Uuid::NewV7().ToString());
  const auto person = Create(request);
  ASSERT_TRUE(person.ok()) << person.status();
  EXPECT_EQ(Create(request)->name(), person->name());
  request.clear_request_id();
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "ID_TAKEN");
  v1::UpdatePersonRequest update;
  update.mutable_person()->set_name(person->name());
  update.mutable_person()->set_etag("\"1\"");
  update.mutable_person()->set_phone("010-0000-0002");
  EXPECT_EQ(Update(update)->phone_e164(), "+821000000002");
  EXPECT_EQ(base::ReasonOf(Update(update).status()), "STALE_ETAG");
  // Named and not given: removed.
  update.mutable_person()->clear_etag();
  update.mutable_person()->clear_phone();
  update.mutable_update_mask()->add_paths("phone");
  EXPECT_EQ(Update(update)->phone_e164(), "");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person WHERE phone_index IS NOT NULL"), "0");
}

TEST_F(People, ActForOrganizationsInPeriods) {
  const std::string person = world_.Person("권나윤"), firm = world_.Firm(1);
  const auto affiliation = Affiliate(person, firm);
  ASSERT_TRUE(affiliation.ok()) << affiliation.status();
  EXPECT_EQ(affiliation->etag(), "\"2\"") << "the person's version";
  v1::EndAffiliationRequest end;
  end.set_name(affiliation->name());
  end.set_end_date("2023-01-01");
  const auto refused = world_.Call<v1::Affiliation>("PersonService/EndAffiliation", end);
  EXPECT_EQ(base::ReasonOf(refused.status()), "DATE_ORDER");
  end.set_end_date("2023-04-30");
  const auto ended = world_.Call<v1::Affiliation>("PersonService/EndAffiliation", end);
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(ended->end_date(), "2023-04-30");
  const auto again = world_.Call<v1::Affiliation>("PersonService/EndAffiliation", end);
  EXPECT_EQ(base::ReasonOf(again.status()), "AFFILIATION_ENDED");
  EXPECT_THAT(world_.EventTypes(person),
              ElementsAre("PersonRegistered", "AffiliationStarted", "AffiliationEnded"));
}

TEST_F(People, ActOnlyForThoseWhoExistAndAreActive) {
  const std::string person = world_.Person("고상훈"), firm = world_.Firm(1);
  const std::string nobody = "persons/" + base::Uuid::NewV7().ToString();
  const std::string nowhere = "organizations/" + base::Uuid::NewV7().ToString();
  EXPECT_EQ(base::ReasonOf(Affiliate(nobody, firm).status()), "NOT_FOUND");
  EXPECT_EQ(base::ReasonOf(Affiliate(person, nowhere).status()), "NOT_FOUND");
  EXPECT_EQ(base::ReasonOf(Affiliate(person, firm, "2023-02-30").status()), "DATE_INVALID");
  v1::DeactivateOrganizationRequest deactivate;
  deactivate.set_name(firm);
  deactivate.set_reason(v1::DEACTIVATION_REASON_MERGED);
  ASSERT_TRUE(
      world_.Call<v1::Organization>("OrganizationService/DeactivateOrganization", deactivate).ok());
  EXPECT_EQ(base::ReasonOf(Affiliate(person, firm).status()), "ORGANIZATION_INACTIVE");
}

TEST_F(People, AreListedByWhomTheyActFor) {
  const std::string firm = world_.Firm(1), other = world_.Firm(2);
  const std::string first = world_.Person("유하은"), second = world_.Person("강지훈");
  ASSERT_TRUE(Affiliate(first, firm).ok() && Affiliate(second, firm).ok() &&
              Affiliate(second, other).ok());
  v1::ListAffiliationsRequest request;
  request.set_parent("persons/-");
  request.set_filter("organization = \"" + firm + "\" AND role = AFFILIATION_ROLE_CONTACT");
  EXPECT_EQ(world_.Call<v1::ListAffiliationsResponse>("PersonService/ListAffiliations", request)
                ->affiliations_size(),
            2);
  request.set_parent(second);
  request.clear_filter();
  EXPECT_EQ(world_.Call<v1::ListAffiliationsResponse>("PersonService/ListAffiliations", request)
                ->affiliations_size(),
            2);
}

TEST_F(People, AreShownOnlyToThoseWhoMaySeeThem) {
  v1::GetPersonRequest request;
  request.set_name(world_.Person("서아린"));
  for (rpc::Peer* peer : {world_.nobody.get(), world_.service.get()}) {
    EXPECT_EQ(
        base::ReasonOf(world_.Call<v1::Person>("PersonService/GetPerson", request, peer).status()),
        "PERMISSION_DENIED");
  }
}

}  // namespace
}  // namespace ieum::registry
