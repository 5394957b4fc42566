// What a firm asks of registry and reporting.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ieum/registry/v1/enrolment_service.pb.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "ieum/reporting/v1/target_service.pb.h"
#include "tests/faults/business_number.h"
#include "tests/faults/firm_case.h"

namespace ieum::faults {
namespace {

namespace r = registry::v1;

constexpr double kPeopleShare = 0.4;  // of firms with consents and a merge of their contact

template <class Response, class Request>
Command Registry(std::string_view method, Request request, std::string aggregate) {
  return CommandOf<Response>("registry", method, std::move(request), std::move(aggregate));
}

void Fill(r::OrganizationFacts* facts, Dice& dice) {
  facts->set_valid_from("2023-01-01");
  facts->set_region_code(dice.Chance(0.9) ? "26110" : "48");
  facts->set_ksic_code("10213");
  facts->set_ksic_revision(10);
  const int64_t all = dice.Between(5, 200);
  facts->set_total_headcount(static_cast<int32_t>(all));
  facts->set_women_headcount(static_cast<int32_t>(dice.Between(0, all)));
  facts->set_regular_headcount(static_cast<int32_t>(dice.Between(0, all)));
  facts->set_size_class(r::SIZE_CLASS_SMALL);
}

}  // namespace

Command FirmCase::Enter() {
  next_ = Phase::kContact;
  r::CreateOrganizationRequest request;
  request.set_organization_id(organization_);
  auto* organization = request.mutable_organization();
  organization->set_kind(r::ORGANIZATION_KIND_FIRM);
  organization->set_display_name(absl::StrCat("주식회사 ", MarkOf(number_), " ", number_));
  organization->set_business_registration_number(BusinessNumber(999, number_));
  organization->set_external_code(absl::StrCat("F", number_));
  Fill(request.mutable_facts(), dice_);
  return Registry<r::Organization>("OrganizationService/CreateOrganization", request,
                                   organization_);
}

Command FirmCase::Contact() {
  next_ = Phase::kAffiliate;
  r::CreatePersonRequest request;
  request.set_person_id(person_);
  auto* person = request.mutable_person();
  person->set_full_name(absl::StrCat("담당자 ", MarkOf(number_), " ", number_));
  person->set_preferred_language(dice_.Chance(0.8) ? r::LANGUAGE_KO : r::LANGUAGE_EN);
  person->set_basis(r::LEGAL_BASIS_CONTRACT);
  person->set_email(absl::StrCat("contact@f", number_, ".firms.test"));
  person->set_phone(absl::StrFormat("010-0000-%04d", number_ % 10000));
  return Registry<r::Person>("PersonService/CreatePerson", request, person_);
}

Command FirmCase::Affiliate() {
  next_ = dice_.Chance(kPeopleShare) ? Phase::kSayYes : AfterMerges();
  r::CreateAffiliationRequest request;
  request.set_parent("persons/" + person_);
  auto* affiliation = request.mutable_affiliation();
  affiliation->set_organization(Organization());
  affiliation->set_role(r::AFFILIATION_ROLE_CONTACT);
  affiliation->set_start_date("2023-01-02");
  return Registry<r::Affiliation>("PersonService/CreateAffiliation", request, person_);
}

Command FirmCase::Enrol() {
  next_ = Phase::kActivate;
  r::CreateEnrolmentRequest request;
  request.set_parent(campaign_);
  request.set_enrolment_id(enrolment_);
  request.mutable_enrolment()->set_organization(Organization());
  request.mutable_enrolment()->set_contact_person("persons/" + person_);
  return Registry<r::Enrolment>("EnrolmentService/CreateEnrolment", request, enrolment_);
}

Command FirmCase::Activate() {
  next_ = else_ = Phase::kFinish;  // one that waits or was denied is refused
  r::ActivateEnrolmentRequest request;
  request.set_name(Enrolment());
  return Registry<r::Enrolment>("EnrolmentService/ActivateEnrolment", request, enrolment_);
}

Command FirmCase::Finish() {
  next_ = else_ = Phase::kLeave;
  if (dice_.Chance(0.3)) {
    r::CompleteEnrolmentRequest request;
    request.set_name(Enrolment());
    return Registry<r::Enrolment>("EnrolmentService/CompleteEnrolment", request, enrolment_);
  }
  r::WithdrawEnrolmentRequest request;
  request.set_name(Enrolment());
  request.set_reason(r::WITHDRAWAL_REASON_REQUESTED);
  return Registry<r::Enrolment>("EnrolmentService/WithdrawEnrolment", request, enrolment_);
}

Command FirmCase::Rename() {
  r::UpdateOrganizationRequest request;
  request.mutable_organization()->set_name(Organization());
  request.mutable_organization()->set_display_name(
      absl::StrCat("주식회사 ", MarkOf(number_), " ", number_, " ", dice_.Between(0, 99)));
  request.mutable_update_mask()->add_paths("display_name");
  return Registry<r::Organization>("OrganizationService/UpdateOrganization", request,
                                   organization_);
}

Command FirmCase::ChangePerson() {
  r::UpdatePersonRequest request;
  request.mutable_person()->set_name("persons/" + person_);
  request.mutable_person()->set_phone(absl::StrFormat("010-0000-%04d", dice_.Between(0, 9999)));
  request.mutable_update_mask()->add_paths("phone");
  return Registry<r::Person>("PersonService/UpdatePerson", request, person_);
}

Command FirmCase::RecordFacts() {
  r::RecordOrganizationFactsRequest request;
  request.set_name(Organization());
  Fill(request.mutable_facts(), dice_);
  return Registry<r::Organization>("OrganizationService/RecordOrganizationFacts", request,
                                   organization_);
}

Command FirmCase::SetTarget() {
  reporting::v1::SetTargetRequest request;
  request.set_name(absl::StrCat("programmes/BSN/editions/2023/targets/",
                                dice_.Pick(std::vector<std::string>{"B04", "B05", "B06", "B23"})));
  request.set_value(absl::StrCat(dice_.Between(1, 99)));
  return CommandOf<reporting::v1::Target>("reporting", "TargetService/SetTarget", request, "");
}

}  // namespace ieum::faults
