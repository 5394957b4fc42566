#include "tests/integration/registry/centre_doors.h"

namespace ieum::registry {

using ieum::testing::Door;

const std::vector<Door>& Doors() {
  static const auto* doors = new std::vector<Door>{
      {"CampaignService/GetCampaign", "name: 'campaigns/{campaign}'"},
      {"CampaignService/UpdateCampaign",
       "campaign { name: 'campaigns/{campaign}' display_name: 'taken' } "
       "update_mask { paths: 'display_name' }"},
      {"CampaignService/UpdateCampaign",
       "campaign { name: 'campaigns/{campaign}' display_name: 'taken' etag: '\"77\"' } "
       "update_mask { paths: 'display_name' } validate_only: true"},
      {"CampaignService/OpenCampaign", "name: 'campaigns/{campaign}' etag: '\"77\"'"},
      {"CampaignService/CloseCampaign", "name: 'campaigns/{campaign}'"},
      {"EnrolmentService/CreateEnrolment",
       "parent: 'campaigns/{campaign}' enrolment { organization: 'organizations/{firm}' }"},
      {"EnrolmentService/CreateEnrolment",
       "parent: 'campaigns/{own_campaign}' enrolment { organization: 'organizations/{firm}' "
       "contact_person: 'persons/{person}' }"},
      {"EnrolmentService/GetEnrolment", "name: 'campaigns/{campaign}/enrolments/{enrolment}'"},
      {"EnrolmentService/ActivateEnrolment",
       "name: 'campaigns/{campaign}/enrolments/{enrolment}' etag: '\"77\"'"},
      {"EnrolmentService/CompleteEnrolment", "name: 'campaigns/{campaign}/enrolments/{enrolment}'"},
      {"EnrolmentService/WithdrawEnrolment",
       "name: 'campaigns/{campaign}/enrolments/{enrolment}' reason: WITHDRAWAL_REASON_REQUESTED"},
      {"EnrolmentService/AcceptOffer", "name: 'campaigns/{campaign}/enrolments/{enrolment}'"},
      {"EnrolmentService/DeclineOffer",
       "name: 'campaigns/{campaign}/enrolments/{enrolment}' etag: '\"77\"'"},
      {"LeadService/CreateLead",
       "lead { organization: 'organizations/{firm}' programme: 'INC' edition: '2026' "
       "source: 'campaigns/{campaign}' }"},
      {"LeadService/CreateLead",
       "lead { organization: 'organizations/{firm}' programme: 'INC' edition: '2026' "
       "contact_person: 'persons/{person}' }"},
      {"LeadService/GetLead", "name: 'leads/{lead}'"},
      {"LeadService/SignLead", "name: 'leads/{lead}' etag: '\"77\"'"},
      {"LeadService/ContactLead", "name: 'leads/{lead}'"},
      {"LeadService/EnrolLead",
       "name: 'leads/{lead}' enrolment: 'campaigns/{campaign}/enrolments/{enrolment}'"},
      {"LeadService/EnrolLead",
       "name: 'leads/{own_lead}' enrolment: 'campaigns/{campaign}/enrolments/{enrolment}'"},
      {"LeadService/LoseLead", "name: 'leads/{lead}' reason: LEAD_LOSS_REASON_NOT_REACHED"},
      {"DuplicateService/GetDuplicatePair", "name: 'duplicatePairs/{pair}'"},
      {"DuplicateService/DismissDuplicate", "name: 'duplicatePairs/{pair}' etag: '\"77\"'"},
      {"PersonService/GetPerson", "name: 'persons/{person}'"},
      {"PersonService/UpdatePerson",
       "person { name: 'persons/{person}' full_name: 'taken' etag: '\"77\"' basis: "
       "LEGAL_BASIS_DUTY } update_mask { paths: 'full_name' }"},
      {"PersonService/CreateAffiliation",
       "parent: 'persons/{person}' affiliation { organization: 'organizations/{firm}' "
       "role: AFFILIATION_ROLE_CONTACT start_date: '2023-05-01' }"},
      {"PersonService/EndAffiliation", "name: 'persons/{person}/affiliations/{affiliation}'"}};
  return *doors;
}

const std::vector<Door>& Lists() {
  static const auto* lists = new std::vector<Door>{
      {"CampaignService/ListCampaigns", ""},
      {"CampaignService/ListCampaigns", "filter: 'programme = BSN' order_by: 'code desc'"},
      {"EnrolmentService/ListEnrolments", "parent: 'campaigns/-'"},
      {"EnrolmentService/ListEnrolments", "parent: 'campaigns/-' order_by: 'create_time desc'"},
      {"EnrolmentService/ListEnrolments", "parent: 'campaigns/-' filter: 'edition = \"2023\"'"},
      {"LeadService/ListLeads", ""},
      {"LeadService/ListLeads", "filter: 'programme = INC' order_by: 'create_time desc'"},
      {"DuplicateService/ListDuplicatePairs", ""},
      {"DuplicateService/ListDuplicatePairs", "filter: 'score > 1' order_by: 'create_time desc'"},
      {"PersonService/ListAffiliations", "parent: 'persons/-'"}};
  return *lists;
}

}  // namespace ieum::registry
