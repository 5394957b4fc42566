#include "ieum/casemgmt/v1/types.pb.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/personal_data/accesses.h"
#include "services/casemgmt/exports/held_assessments.h"
#include "services/casemgmt/exports/held_attachments.h"
#include "services/casemgmt/exports/held_cases.h"
#include "services/casemgmt/exports/held_columns.h"
#include "services/casemgmt/exports/held_followups.h"
#include "services/casemgmt/exports/held_groups.h"
#include "services/casemgmt/exports/held_referrals.h"
#include "services/casemgmt/exports/held_sessions.h"
#include "services/casemgmt/exports/holdings.h"

namespace ieum::casemgmt {
namespace {

using personal_data::Column;
using personal_data::Held;
using personal_data::Resource;
using personal_data::Text;
using personal_data::Word;

const personal_data::Ground kGround = {.purpose = "기업 지원, 상담 및 행사 운영",
                                       .basis = "개인정보 보호법 제15조 제1항",
                                       .retention = "지원 종료 후 5년(공공기록물법 시행령 제26조)"};

// What was found out and agreed stands with whom it was agreed with.
const db::Statement kEngagements(
    "held_engagements",
    HELD("e.id", "e.", "e.created_at", DAY("e.lead_date"))
        R"(e.organization_id, e.campaign_code, e.task, e.state, e.lead_date, e.diagnosed_date,
         e.diagnosis_score, e.diagnosis_findings, e.plan_agreed_date,
         array_to_string(e.plan_tasks, ', '), e.result_summary
  FROM engagement e WHERE e.contact_person_id = $1)");

// What she did for firms is told as that; what was written about them is theirs.
const db::Statement kConducted("held_engagements_conducted",
                               HELD("e.id", "e.", "e.created_at", DAY("e.lead_date"))
                                   R"(e.organization_id, e.campaign_code, e.task, e.state,
         concat_ws(', ', CASE WHEN e.consultant_id = $1 THEN '컨설턴트' END,
           CASE WHEN e.manager_id = $1 THEN '담당자' END,
           CASE WHEN e.approver_id = $1 THEN '승인자' END)
  FROM engagement e WHERE $1 IN (e.consultant_id, e.manager_id, e.approver_id))");

const db::Statement kVisits(
    "held_visits",
    HELD("v.id", "v.", "v.created_at", "v.start_time")
        R"(v.engagement_id, v.visit_date, v.state, v.minutes, v.next_step, v.cancel_reason
  FROM visit v WHERE v.contact_person_id = $1)");

const db::Statement kVisitsConducted("held_visits_conducted",
                                     HELD("v.id", "v.", "v.created_at", "v.start_time")
                                         R"(v.engagement_id, v.visit_date, v.state
  FROM visit v WHERE v.consultant_id = $1)");

const db::Statement kForms(
    "held_forms",
    HELD("a.id", "a.", "a.created_at", "a.submit_time")
        R"(a.organization_id, a.state, a.receipt_number, a.received_date, a.answers::text,
         a.denial_reason, a.result_date, a.result_outcome, a.withdrawal_reason
  FROM application a JOIN engagement e ON e.id = a.engagement_id
  WHERE e.contact_person_id = $1)");

const db::Statement kAttendances(
    "held_attendances", HELD("t.id", "t.", "t.created_at", DAY("y.start_date"))
                            R"(y.label, y.kind, y.start_date, y.place, t.role, t.walk_in, t.answer,
         t.attended_date
  FROM attendance t JOIN activity y ON y.id = t.activity_id WHERE t.person_id = $1)");

const db::Statement kManaged("held_activities_managed",
                             HELD("y.id", "y.", "y.created_at", DAY("y.start_date"))
                                 R"(y.label, y.kind, y.start_date, y.state
  FROM activity y WHERE y.manager_id = $1)");

std::vector<Held> OfEngagements() {
  return {
      kGround.Of("engagements", "기업 담당자로서 받은 지원", &kEngagements,
                 {Resource("organization", "기업", "organizations/"), Text("campaign", "모집"),
                  Word<registry::v1::TaskKind>("task", "과업"),
                  Word<v1::EngagementState>("state", "상태"), Text("lead_date", "시작일"),
                  Text("diagnosed_date", "진단일"), Text("diagnosis_score", "진단 점수"),
                  Text("diagnosis_findings", "진단 내용"), Text("plan_agreed_date", "계획 합의일"),
                  Text("plan_tasks", "과제"), Text("result_summary", "결과")},
                 {"engagement.contact_person_id"}),
      kGround.Of("engagements_conducted", "수행한 지원", &kConducted,
                 {Resource("organization", "기업", "organizations/"), Text("campaign", "모집"),
                  Word<registry::v1::TaskKind>("task", "과업"),
                  Word<v1::EngagementState>("state", "상태"), Text("part", "맡은 일")},
                 {"engagement.consultant_id", "engagement.manager_id", "engagement.approver_id"}),
      kGround.Of("visits", "기업 담당자로서 받은 방문", &kVisits,
                 {Resource("engagement", "지원", "engagements/"), Text("visit_date", "방문일"),
                  Word<v1::VisitState>("state", "상태"), Text("minutes", "상담 내용"),
                  Text("next_step", "다음 단계"),
                  Word<v1::VisitCancelReason>("cancel_reason", "취소 사유")},
                 {"visit.contact_person_id"}),
      kGround.Of("visits_conducted", "수행한 방문", &kVisitsConducted,
                 {Resource("engagement", "지원", "engagements/"), Text("visit_date", "방문일"),
                  Word<v1::VisitState>("state", "상태")},
                 {"visit.consultant_id"}),
  };
}

std::vector<Held> OfFormsAndActivities() {
  return {
      kGround.Of(
          "forms", "기업 담당자로서 낸 신청서", &kForms,
          {Resource("organization", "기업", "organizations/"),
           Word<v1::ApplicationState>("state", "상태"), Text("receipt_number", "접수 번호"),
           Text("received_date", "접수일"), Text("answers", "답변"),
           Word<registry::v1::DenialReason>("denial_reason", "거절 사유"),
           Text("result_date", "결과일"), Word<v1::ExternalOutcome>("result_outcome", "결과"),
           Word<v1::ApplicationWithdrawalReason>("withdrawal_reason", "철회 사유")},
          {}),
      kGround.Of(
          "attendances", "행사 초대 및 참석", &kAttendances,
          {Text("activity", "행사"), Word<v1::ActivityKind>("kind", "종류"),
           Text("start_date", "일자"), Text("place", "장소"),
           Word<v1::AttendanceRole>("role", "역할"), Text("walk_in", "현장 참석"),
           Word<v1::InvitationAnswer>("answer", "초대 회신"), Text("attended_date", "참석일")},
          {"attendance.person_id"}),
      kGround.Of("activities_managed", "담당한 행사", &kManaged,
                 {Text("activity", "행사"), Word<v1::ActivityKind>("kind", "종류"),
                  Text("start_date", "일자"), Word<v1::ActivityState>("state", "상태")},
                 {"activity.manager_id"}),
  };
}

}  // namespace

personal_data::Holdings HeldByCasemgmt() {
  personal_data::Holdings holdings;
  holdings.kinds = OfEngagements();
  for (Held& held : OfFormsAndActivities()) holdings.kinds.push_back(std::move(held));
  for (Held& held : HeldOfCases()) holdings.kinds.push_back(std::move(held));
  for (Held& held : HeldOfAssessments()) holdings.kinds.push_back(std::move(held));
  for (Held& held : HeldOfSessions()) holdings.kinds.push_back(std::move(held));
  for (Held& held : HeldOfGroups()) holdings.kinds.push_back(std::move(held));
  for (Held& held : HeldOfFollowUps()) holdings.kinds.push_back(std::move(held));
  for (Held& held : HeldOfAttachments()) holdings.kinds.push_back(std::move(held));
  for (Held& held : HeldOfReferrals()) holdings.kinds.push_back(std::move(held));
  holdings.kinds.push_back(personal_data::AccessesForTheSuite());
  holdings.silences = {
      {"consultant_hours.consultant_id", "hours of visits and sessions that are told"},
      {"participant.person_id", "a token by which figures count her; her cases are told"},
      {"consent_heard.person_id", "what registry, which keeps her consents, tells"},
      {"case_task.owner_id", "what is to be done in cases and firms that are told as hers"},
      {"case_task.supervisor_id", "what is to be done in cases that are told as hers"},
      {"case_reassignment.to_person", "how cases came to her that are told as hers"},
      {"person_alias.survivor_id", "which records are one person; registry tells of merges"},
      {"person_alias.duplicate_id", "which records are one person; registry tells of merges"},
      {"person_erasure.person_id", "of who was erased; the proof is told instead of records"},
      {"person_key.person_id", "the key itself; what is sealed with it is told"},
      {"person_key_apart.person_id", "the key itself, while registry keeps her data apart"},
  };
  return holdings;
}

}  // namespace ieum::casemgmt
