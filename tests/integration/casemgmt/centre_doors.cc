#include "tests/integration/casemgmt/centre_doors.h"

#include "absl/strings/str_cat.h"

namespace ieum::casemgmt::testing {
namespace {

using ieum::testing::Door;

constexpr char kVisit[] = "name: 'engagements/{engagement}/visits/{visit}' ";
constexpr char kRecommendation[] =
    "name: 'engagements/{engagement}/recommendations/{recommendation}' ";
constexpr char kForm[] = "name: 'applications/{form}' ";
constexpr char kTimes[] = "start_time { seconds: 1683698400 } end_time { seconds: 1683705600 }";

std::vector<Door> EngagementDoors() {
  const std::string engagement = kEngagement;
  return {
      {"EngagementService/CreateEngagement",
       "engagement { organization: 'organizations/{firm}' campaign: 'campaigns/{campaign}' "
       "lead_source: LEAD_SOURCE_REQUEST }",
       "CAMPAIGN_UNKNOWN"},
      {"EngagementService/GetEngagement", engagement},
      {"EngagementService/UpdateEngagement",
       absl::StrCat("engagement { ", engagement, "etag: '\"77\"' manager: 'persons/{firm}' } ",
                    "update_mask { paths: 'manager' }")},
      {"EngagementService/ContactEngagement", engagement + "etag: '\"77\"'"},
      {"EngagementService/DiagnoseEngagement", engagement + "diagnosis { score: '62.5' }"},
      {"EngagementService/AgreeEngagementPlan",
       engagement + "plan { tasks: 'one' planned_visit_count: 3 }"},
      {"EngagementService/StartEngagement", engagement},
      {"EngagementService/ReportEngagementResult", engagement + "summary: 'done'"},
      {"EngagementService/CompleteEngagement", engagement + "approver: 'persons/{firm}'"},
      {"EngagementService/FollowUpEngagement", engagement},
      {"EngagementService/DeclineEngagement", engagement + "reason: DECLINE_REASON_NO_CAPACITY"},
      {"EngagementService/DropEngagement", engagement + "reason: DROP_REASON_UNREACHABLE"},
      {"EngagementService/RecordSchemeAdoption",
       engagement + "scheme_code: 'FLEX' evidence: 'a letter'"},
      {"EngagementService/RediagnoseEngagement", engagement + "diagnosis { score: '70.5' }"},
      {"EngagementService/RecommendMeasure",
       "parent: 'engagements/{engagement}' measure: 'leave on time'"},
      {"EngagementService/GetRecommendation", kRecommendation},
      {"EngagementService/RecordAdoptionCheck",
       absl::StrCat(kRecommendation, "months: 3 outcome: ADOPTION_OUTCOME_ADOPTED ",
                    "evidence_kind: ADOPTION_EVIDENCE_VISIT evidence: 'seen'")},
      {"EngagementService/PlanVisit",
       absl::StrCat("parent: 'engagements/{engagement}' consultant: 'persons/{firm}' ", kTimes)}};
}

std::vector<Door> ActivityDoors() {
  const std::string activity = "name: 'activities/{activity}' ";
  const std::string entry = "name: 'activities/{activity}/attendances/{attendance}' ";
  const std::string parent = "parent: 'activities/{activity}' ";
  return {
      {"ActivityService/CreateActivity",
       "activity { parent: 'activities/{activity}' start_date: '2023-06-01' label: 'x' }",
       "PARENT_ACTIVITY"},
      {"ActivityService/GetActivity", activity},
      {"ActivityService/UpdateActivity",
       absl::StrCat("activity { ", activity, "place: 'x' etag: '\"77\"' } ",
                    "update_mask { paths: 'place' }")},
      {"ActivityService/OpenActivity", activity + "etag: '\"77\"'"},
      {"ActivityService/ConfirmActivity", activity + "etag: '\"77\"'"},
      {"ActivityService/RescheduleActivity", activity + "start_date: '2023-06-02'"},
      {"ActivityService/PostponeActivity", activity},
      {"ActivityService/CancelActivity", activity + "reason: ACTIVITY_CANCEL_REASON_TOO_FEW"},
      {"ActivityService/HoldActivity", activity},
      {"ActivityService/RecordHeadcount",
       activity + "headcounts { kind: HEADCOUNT_KIND_TOTAL count: 3 }"},
      {"ActivityService/PublishMinutes", parent + "minutes_text: 'met'"},
      {"ActivityService/InviteAttendee", parent + "person: 'persons/{firm}'"},
      {"ActivityService/CheckInAttendee", parent + "person: 'persons/{firm}'"},
      {"ActivityService/AnswerInvitation", entry + "answer: INVITATION_ANSWER_NO"},
      {"ActivityService/RetractAttendance", entry + "reason: ATTENDANCE_CORRECTION_DID_NOT_COME"},
      {"ActivityService/RecordAttendedDuration", entry + "attended_duration: 90"},
      {"ActivityService/GetAttendance", entry}};
}

std::vector<Door> SessionDoors() {
  const std::string of_case = "parent: 'cases/{case}' ";
  const std::string session = "name: 'cases/{case}/sessions/{session}' ";
  return {
      {"SessionService/PlanSession",
       of_case + "type: SESSION_TYPE_CAREER channel: SESSION_CHANNEL_PHONE goal: 'x'"},
      {"SessionService/BookSession", session + "etag: '\"77\"'"},
      {"SessionService/MoveSession", session + "channel: SESSION_CHANNEL_PHONE"},
      {"SessionService/CancelSession",
       session + "cancelled_by: SESSION_CANCELLER_CENTRE reason: SESSION_CANCEL_REASON_OTHER"},
      {"SessionService/RecordSession", session + "outcome: SESSION_OUTCOME_PROGRESS"},
      {"SessionService/RecordSessionAbsence", session + "absence: SESSION_ABSENCE_EXCUSED"},
      {"SessionService/RetractSessionOutcome", session + "reason: SESSION_CORRECTION_WRONG_TIME"},
      {"SessionService/GetSession", session},
      {"SessionService/SummarizeSessions", of_case},
      {"AppointmentService/GetAppointment", "name: 'appointments/{appointment}'"},
      {"SessionService/AddSessionNote",
       "parent: 'cases/{case}/sessions/{session}' text: 'x' "
       "sensitivity: NOTE_SENSITIVITY_ORDINARY"},
      {"SessionService/ReadSessionNote", "name: 'cases/{case}/sessions/{session}/notes/{note}'"}};
}

std::vector<Door> AssessmentDoors() {
  const std::string assessment = "name: 'cases/{case}/assessments/{assessment}' ";
  const std::string of_case = "parent: 'cases/{case}' ";
  return {{"AssessmentService/RecordAssessment",
           of_case + "assessment { factors { code: 'RF02' severity: 1 } }"},
          {"AssessmentService/ApproveAssessment", assessment},
          {"AssessmentService/ReturnAssessment", assessment + "comment: 'why?'"},
          {"AssessmentService/GetAssessment", assessment},
          {"AssessmentService/ListAssessments", of_case},
          {"AssessmentService/CompareAssessments", of_case}};
}

std::vector<Door> ConferenceDoors() {
  const std::string conference = "name: 'conferences/{conference}' ";
  const std::string item = "name: 'conferences/{conference}/agendaItems/{agenda_item}' ";
  return {{"ConferenceService/CreateConference",
           "conference { centre: 'organizations/{firm}' conference_date: '2023-06-01' }",
           "INVALID_FIELD"},
          {"ConferenceService/GetConference", conference},
          {"ConferenceService/UpdateConference",
           absl::StrCat("conference { ", conference, "conference_date: '2023-06-01' } ",
                        "update_mask { paths: 'conference_date' }")},
          {"ConferenceService/HoldConference", conference},
          {"ConferenceService/CancelConference", conference},
          {"ConferenceService/AddAgendaItem",
           "parent: 'conferences/{conference}' case: 'cases/{case}'"},
          {"ConferenceService/WithdrawAgendaItem", item},
          {"ConferenceService/ClassifyCase",
           item + "classification: CASE_CLASSIFICATION_SERVICE_LINK minutes_text: 'x'"},
          {"ConferenceService/GetAgendaItem", item}};
}

std::vector<Door> PlanDoors() {
  const std::string plan = "name: 'cases/{case}/plans/{plan}' ";
  const std::string of_case = "parent: 'cases/{case}' ";
  return {
      {"PlanService/CreateCasePlan", of_case + "case_plan { goals { goal_text: 'x' } }"},
      {"PlanService/UpdateCasePlan",
       absl::StrCat("case_plan { ", plan, "} update_mask { paths: 'goals' }")},
      {"PlanService/SubmitCasePlan", plan},
      {"PlanService/ApproveCasePlan", plan},
      {"PlanService/ReturnCasePlan", plan + "comment: 'why?'"},
      {"PlanService/SignCasePlan", plan + "agreement: PLAN_AGREEMENT_PAPER"},
      {"PlanService/RecordActionResult", plan + "number: 1 result: PLAN_ACTION_RESULT_DONE"},
      {"PlanService/RecordGoalAttainment", plan + "number: 1 attainment: GOAL_ATTAINMENT_PARTLY"},
      {"PlanService/GetCasePlan", plan},
      {"PlanService/ListCasePlans", of_case}};
}

std::vector<Door> ReferralDoors() {
  const std::string referral = "name: 'cases/{case}/referrals/{referral}' ";
  const std::string result = referral + "outcome: REFERRAL_OUTCOME_PROVIDED";
  return {
      {"ReferralService/SendReferral",
       "parent: 'cases/{case}' service: REFERRAL_SERVICE_KIND_CAREER outside_body: 'x' "
       "request_text: 'please'"},
      {"ReferralService/AcceptReferral", referral},
      {"ReferralService/RejectReferral", referral + "reason: REFERRAL_REJECT_REASON_OTHER"},
      {"ReferralService/CompleteReferral", result},
      {"ReferralService/RecordReferralAnswer", referral + "accepted: true"},
      {"ReferralService/RecordReferralResult", result},
      {"ReferralService/RevokeReferral", referral + "reason: REFERRAL_REVOKE_REASON_NOT_NEEDED"},
      {"ReferralService/IssueReferralLink", referral},
      {"ReferralService/GetReferral", referral},
      {"ReferralService/GetSharedRecord", "name: 'cases/{case}/sharedRecords/{referral}'"},
      {"ReferralService/ListProvisions", "parent: 'cases/{case}'"}};
}

std::vector<Door> TransferDoors() {
  const std::string transfer = "name: 'cases/{case}/transfers/{transfer}' ";
  return {{"TransferService/AskTransfer",
           "parent: 'cases/{case}' to_centre: 'organizations/{firm}' "
           "reason: TRANSFER_REASON_CLIENT_MOVED items: 'x'"},
          {"TransferService/AcceptTransfer", transfer},
          {"TransferService/RejectTransfer", transfer + "reason: TRANSFER_REJECT_REASON_OTHER"},
          {"TransferService/WithdrawTransfer", transfer},
          {"TransferService/GetTransfer", transfer}};
}

}  // namespace

std::vector<Door> Doors() {
  std::vector<Door> doors = EngagementDoors();
  const std::string visit = kVisit, form = kForm;
  const std::vector<Door> more = {
      {"EngagementService/GetVisit", visit},
      {"EngagementService/RescheduleVisit", visit + kTimes},
      {"EngagementService/CancelVisit", visit + "reason: VISIT_CANCEL_REASON_FIRM"},
      {"EngagementService/RecordVisit", visit + "etag: '\"77\"'"},
      {"EngagementService/RecordVisitReport", visit + "minutes: 'met'"},
      {"FormService/CreateApplication", "application { engagement: 'engagements/{engagement}' }"},
      {"FormService/GetApplication", form},
      {"FormService/UpdateApplication",
       absl::StrCat("application { ", form, "form_version: '9' etag: '\"77\"' } ",
                    "update_mask { paths: 'form_version' }")},
      {"FormService/SubmitApplication", form},
      {"FormService/ReceiveApplication", form + "etag: '\"77\"'"},
      {"FormService/WithdrawApplication", form + "reason: APPLICATION_WITHDRAWAL_REASON_REQUESTED"},
      {"FormService/ForwardApplication", form + "external_receipt_number: 'X-1'"},
      {"FormService/RecordExternalResult", form + "outcome: EXTERNAL_OUTCOME_REJECTED"}};
  doors.insert(doors.end(), more.begin(), more.end());
  for (Door& door : ActivityDoors()) doors.push_back(std::move(door));
  for (Door& door : SessionDoors()) doors.push_back(std::move(door));
  for (auto* more_doors :
       {&AssessmentDoors, &ConferenceDoors, &PlanDoors, &ReferralDoors, &TransferDoors}) {
    for (Door& door : more_doors()) doors.push_back(std::move(door));
  }
  return doors;
}

const std::vector<Door>& Lists() {
  static const auto* lists = new std::vector<Door>{
      {"EngagementService/ListEngagements", ""},
      {"EngagementService/ListEngagements", "filter: 'centre:*' order_by: 'lead_date desc'"},
      {"EngagementService/ListVisits", "parent: 'engagements/-'"},
      {"EngagementService/ListVisits", "parent: 'engagements/-' order_by: 'visit_date'"},
      {"EngagementService/ListRecommendations", "parent: 'engagements/-'"},
      {"EngagementService/ListRecommendations",
       "parent: 'engagements/-' order_by: 'recommended_date desc'"},
      {"FormService/ListApplications", ""},
      {"FormService/ListApplications", "order_by: 'create_time desc'"},
      {"ActivityService/ListActivities", ""},
      {"ActivityService/ListActivities", "filter: 'centre:*' order_by: 'start_date desc'"},
      {"ConferenceService/ListConferences", ""},
      {"ConferenceService/ListConferences", "order_by: 'conference_date desc'"},
      {"ConferenceService/ListAgendaItems", "parent: 'conferences/-'"},
      {"ReferralService/ListReferrals", "parent: 'cases/-'"},
      {"ReferralService/ListReferrals", "parent: 'cases/-' order_by: 'sent_date desc'"},
      {"TransferService/ListTransfers", "parent: 'cases/-'"},
      {"TransferService/ListTransfers", "parent: 'cases/-' order_by: 'create_time desc'"},
      {"SessionService/ListSessions", "parent: 'cases/-'"},
      {"AppointmentService/ListAppointments", ""},
      {"AppointmentService/ListAppointments", "order_by: 'appointment_date desc'"},
      {"SessionService/ListSessions", "parent: 'cases/-' order_by: 'service_date desc'"},
      {"ActivityService/ListAttendances", "parent: 'activities/-'"},
      {"ActivityService/ListAttendances", "parent: 'activities/-' of_person: 'persons/{person}'"}};
  return *lists;
}

}  // namespace ieum::casemgmt::testing
