// Erasures in a test: people with all that is known of them, over the registry of world.h.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/erasure_service.pb.h"
#include "services/registry/instants.h"
#include "tests/integration/registry/consent_world.h"

namespace ieum::registry {

class ErasureWorld : public ConsentWorld {
 public:
  explicit ErasureWorld(const std::string& korea_time = "2024-08-12 11:00")
      : ConsentWorld(korea_time) {}

  absl::StatusOr<v1::Erasure> Erase(const std::string& person,
                                    v1::ErasureReason reason = v1::ERASURE_REASON_REQUEST,
                                    bool rehearse = false, rpc::Peer* as = nullptr) {
    v1::ErasePersonRequest request;
    request.set_name(person);
    request.set_reason(reason);
    request.set_validate_only(rehearse);
    return Door<v1::Erasure>("ErasePerson", request, as);
  }
  absl::StatusOr<v1::LegalHold> Hold(const std::string& person, const std::string& end_date = "",
                                     const std::string& reason = "감사 2024-17") {
    v1::CreateLegalHoldRequest request;
    request.mutable_legal_hold()->set_person(person);
    request.mutable_legal_hold()->set_reason(reason);
    request.mutable_legal_hold()->set_end_date(end_date);
    return Door<v1::LegalHold>("CreateLegalHold", request);
  }
  absl::StatusOr<v1::LegalHold> Release(const std::string& hold, const std::string& etag = "") {
    v1::ReleaseLegalHoldRequest request;
    request.set_name(hold);
    request.set_reason("감사 종료");
    request.set_etag(etag);
    return Door<v1::LegalHold>("ReleaseLegalHold", request);
  }
  absl::StatusOr<v1::Person> Get(const std::string& person) {
    v1::GetPersonRequest request;
    request.set_name(person);
    return world.Call<v1::Person>("PersonService/GetPerson", request);
  }
  absl::StatusOr<v1::Affiliation> Affiliate(
      const std::string& person, const std::string& firm, const std::string& start = "2024-01-02",
      v1::AffiliationRole role = v1::AFFILIATION_ROLE_CONTACT) {
    v1::CreateAffiliationRequest request;
    request.set_parent(person);
    request.mutable_affiliation()->set_organization(firm);
    request.mutable_affiliation()->set_role(role);
    request.mutable_affiliation()->set_start_date(start);
    return world.Call<v1::Affiliation>("PersonService/CreateAffiliation", request);
  }
  absl::Status EndAffiliation(const std::string& affiliation, const std::string& day) {
    v1::EndAffiliationRequest request;
    request.set_name(affiliation);
    request.set_end_date(day);
    return world.Call<v1::Affiliation>("PersonService/EndAffiliation", request).status();
  }
  // Open all the year 2024.
  std::string Campaign() {
    return world.OpenCampaign([](v1::Campaign* wish) {
      *wish->mutable_window()->mutable_start_time() = ToTimestamp(Korea("2024-01-02 10:00"));
      *wish->mutable_window()->mutable_end_time() = ToTimestamp(Korea("2024-12-31 18:00"));
    });
  }
  // A person takes part herself.
  v1::Enrolment Enrol(const std::string& campaign, const std::string& person) {
    v1::CreateEnrolmentRequest request;
    request.set_parent(campaign);
    request.mutable_enrolment()->set_person(person);
    const auto enrolment = world.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", request);
    EXPECT_TRUE(enrolment.ok()) << enrolment.status();
    return enrolment.ok() ? *enrolment : v1::Enrolment();
  }
  absl::Status WithdrawEnrolment(const std::string& name) {
    v1::WithdrawEnrolmentRequest request;
    request.set_name(name);
    request.set_reason(v1::WITHDRAWAL_REASON_REQUESTED);
    return world.Call<v1::Enrolment>("EnrolmentService/WithdrawEnrolment", request).status();
  }

  std::string Ask(const std::string& sql) { return world.Ask(sql); }
  template <class Response>
  absl::StatusOr<Response> Door(const std::string& method, const google::protobuf::Message& request,
                                rpc::Peer* as = nullptr) {
    return world.Call<Response>("ErasureService/" + method, request, as);
  }
};

// Everything that is kept of people, to the byte.
inline constexpr char kPeopleRows[] = R"(
  SELECT string_agg(row, E'\n' ORDER BY row) FROM (
    SELECT 'person ' || t::text AS row FROM person t
    UNION ALL SELECT 'version ' || t::text FROM person_version t
    UNION ALL SELECT 'key ' || t::text FROM person_key t
    UNION ALL SELECT 'match ' || t::text FROM person_match_key t
    UNION ALL SELECT 'affiliation ' || t::text FROM affiliation t
    UNION ALL SELECT 'head ' || t::text FROM consent_head t
    UNION ALL SELECT 'consent ' || t::text FROM consent t) kept)";

class Erasures : public ::testing::Test {
 protected:
  // Somebody with a name that stands nowhere else, an affiliation, two consents and a receipt.
  std::string Somebody() {
    v1::CreatePersonRequest request;
    v1::Person& person = *request.mutable_person();
    person.set_full_name("심은지");
    person.set_latin_name("PLANTED EUNJI");
    person.set_email("planted@people.test");
    person.set_phone("010-0000-4321");
    person.set_birth_year(1985);
    person.set_basis(v1::LEGAL_BASIS_CONTRACT);
    const auto made = world_.world.Call<v1::Person>("PersonService/CreatePerson", request);
    EXPECT_TRUE(made.ok()) << made.status();
    EXPECT_TRUE(world_.Affiliate(made->name(), firm_).ok());
    for (const auto purpose : {v1::CONSENT_PURPOSE_COLLECTION, v1::CONSENT_PURPOSE_ADVERTISING}) {
      EXPECT_EQ(Why(world_.Say(made->name(), purpose, world_.Text(purpose))), "OK");
    }
    EXPECT_EQ(Why(world_.Resolve(made->name(), v1::CONTACT_PURPOSE_SERVICE_NOTICE)), "OK");
    return made->name();
  }
  int64_t Part(const google::protobuf::RepeatedPtrField<v1::PersonDataPart>& parts,
               v1::PersonDataKind kind) {
    for (const auto& part : parts) {
      if (part.kind() == kind) return part.count();
    }
    return 0;
  }
  std::string Everything() {
    return world_.Ask(
        "SELECT (SELECT count(*) FROM event_log) || '/' || (SELECT count(*) FROM "
        "erasure_record) || '/' || (SELECT count(*) FROM person_match_key) || '/' || "
        "(SELECT count(*) FROM consent)");
  }

  ErasureWorld world_;
  const std::string firm_ = world_.world.Firm(1);
};

}  // namespace ieum::registry
