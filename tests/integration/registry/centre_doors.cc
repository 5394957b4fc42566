#include "tests/integration/registry/centre_doors.h"

namespace ieum::registry {

using ieum::testing::Door;

namespace {

// What was known of people, and what happened with them.
std::vector<Door> AndOfPeople(std::vector<Door> doors) {
  const std::vector<Door> people = {
      {"PersonService/GetPerson", "name: 'persons/{person}' read_time { seconds: 1682992800 }"},
      {"PersonService/ListPersonChanges", "parent: 'persons/{person}'"},
      {"TimelineService/ListTimelineEntries", "parent: 'persons/{person}'"},
      {"ChangeService/GetChangeRequest", "name: 'changeRequests/{change}'"},
      {"ChangeService/ApproveChange", "name: 'changeRequests/{change}' etag: '\"77\"'"},
      {"ChangeService/RejectChange", "name: 'changeRequests/{change}' reason: 'why not'"},
      {"ChangeService/WithdrawChange", "name: 'changeRequests/{change}'"},
      {"ChangeService/RequestChange",
       "reason: 'by letter' update_person { person { name: 'persons/{person}' full_name: 'taken' } "
       "update_mask { paths: 'full_name' } }"},
      {"DataExportService/GetDataExport", "name: 'dataExports/{data_export}'"},
      {"DataExportService/SettleDataExport",
       "name: 'dataExports/{data_export}' outcome: DATA_EXPORT_OUTCOME_REFUSED"},
      {"DataExportService/CreateDataExport",
       "data_export { person: 'persons/{person}' applicant: DATA_EXPORT_APPLICANT_SELF channel: "
       "DATA_EXPORT_CHANNEL_EMAIL received_date: '2023-05-02' }"},
      {"MoveService/GetMove", "name: 'moves/{move}'"},
      {"MoveService/AcceptMove", "name: 'moves/{move}' etag: '\"77\"'"},
      {"MoveService/DeclineMove", "name: 'moves/{move}' reason: 'no room'"},
      {"MoveService/CancelMove", "name: 'moves/{move}' reason: 'by mistake'"},
      {"MoveService/RequestMove",
       "person: 'persons/{person}' to_centre: 'organizations/{third}' reason: 'taken'"},
      {"MoveService/RequestMove",
       "enrolment: 'campaigns/{campaign}/enrolments/{enrolment}' to_centre: "
       "'organizations/{third}' reason: 'taken'"},
      {"EnrolmentService/CreateEnrolment",
       "parent: 'campaigns/{own_campaign}' enrolment { person: 'persons/{person}' }"}};
  doors.insert(doors.end(), people.begin(), people.end());
  return doors;
}

}  // namespace

const std::vector<Door>& Doors() {
  static const auto* doors = new std::vector<Door>(AndOfPeople(
      {{"CampaignService/GetCampaign", "name: 'campaigns/{campaign}'"},
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
       {"EnrolmentService/CompleteEnrolment",
        "name: 'campaigns/{campaign}/enrolments/{enrolment}'"},
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
       {"ImportService/GetImport", "name: 'imports/{import}'"},
       {"ImportService/UploadImportRows",
        "parent: 'imports/{import}' chunk: 2 rows { number: 9 unreadable { error_reason: 'X' } }"},
       {"ImportService/ListImportRows", "parent: 'imports/{import}'"},
       {"ImportService/CompleteImport", "name: 'imports/{import}' etag: '\"77\"'"},
       {"PersonService/GetPerson", "name: 'persons/{person}'"},
       {"PersonService/UpdatePerson",
        "person { name: 'persons/{person}' full_name: 'taken' etag: '\"77\"' basis: "
        "LEGAL_BASIS_DUTY } update_mask { paths: 'full_name' }"},
       {"PersonService/CreateAffiliation",
        "parent: 'persons/{person}' affiliation { organization: 'organizations/{firm}' "
        "role: AFFILIATION_ROLE_CONTACT start_date: '2023-05-01' }"},
       {"PersonService/EndAffiliation", "name: 'persons/{person}/affiliations/{affiliation}'"},
       {"PersonService/CorrectAffiliation",
        "name: 'persons/{person}/affiliations/{affiliation}' start_date: '2023-01-01'"}}));
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
      {"ImportService/ListImports", ""},
      {"ImportService/ListImports",
       "filter: 'kind = IMPORT_KIND_PEOPLE' order_by: 'create_time desc'"},
      {"ChangeService/ListChangeRequests", ""},
      {"DataExportService/ListDataExports", ""},
      {"MoveService/ListMoves", ""},
      {"MoveService/ListMoves", "filter: 'state = MOVE_STATE_REQUESTED' order_by: 'expire_time'"},
      {"ChangeService/ListChangeRequests", "order_by: 'create_time desc'"},
      {"DuplicateService/ListDuplicatePairs", ""},
      {"DuplicateService/ListDuplicatePairs", "filter: 'score > 1' order_by: 'create_time desc'"},
      {"PersonService/ListAffiliations", "parent: 'persons/-' read_time { seconds: 1682992800 }"},
      {"TimelineService/ListTimelineEntries", "parent: 'organizations/{firm}'"},
      {"TimelineService/ListTimelineEntries",
       "parent: 'organizations/{firm}' order_by: 'entry_time'"},
      {"PersonService/ListAffiliations", "parent: 'persons/-'"}};
  return *lists;
}

}  // namespace ieum::registry
