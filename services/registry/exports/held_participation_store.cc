// What she took part in, for herself and for a firm.
#include "ieum/registry/v1/lead_types.pb.h"
#include "ieum/registry/v1/programme_types.pb.h"
#include "ieum/registry/v1/timeline_service.pb.h"
#include "ieum/registry/v1/types.pb.h"
#include "services/registry/exports/held_columns.h"
#include "services/registry/exports/holdings.h"

namespace ieum::registry {
namespace {

using personal_data::Held;
using personal_data::Resource;
using personal_data::Text;
using personal_data::Word;

const personal_data::Ground kGround = {.purpose = "지원사업 신청, 선정 및 참여 관리",
                                       .basis = "개인정보 보호법 제15조 제1항",
                                       .retention = "참여 종료 후 5년(공공기록물법 시행령 제26조)"};

const db::Statement kEnrolments("held_enrolments",
                                HELD("e.id", "e.centre_id", "e.created_at", DAY("e.applied_date"),
                                     "NULL")
                                    R"(c.display_name, e.applied_date, e.state, e.denial_reason,
         w.display_name, e.evidence::text, e.rules::text, )" INSTANT("e.offered_until") R"(
  FROM enrolment e JOIN campaign c ON c.id = e.campaign_id
  LEFT JOIN organization w ON w.id = e.employer_id WHERE e.person_id = $1)");

const db::Statement kSteps(
    "held_enrolment_steps",
    HELD("t.enrolment_id || '/' || " ORDERED("t.step"), "e.centre_id", "t.recorded_at",
         DAY("t.day"), "NULL")
        R"(t.enrolment_id, t.state, t.day, t.denial_reason, t.withdrawal_reason
  FROM enrolment e JOIN enrolment_transition t ON t.enrolment_id = e.id
  WHERE e.person_id = $1)");

#define FIRMS_ENROLMENT                                                       \
  HELD("e.id", "e.centre_id", "e.created_at", DAY("e.applied_date"), "NULL")  \
  "c.display_name, o.display_name, e.applied_date, e.state FROM enrolment e " \
  "JOIN campaign c ON c.id = e.campaign_id LEFT JOIN organization o ON o.id = e.organization_id "

const db::Statement kContactOf("held_enrolments_contact",
                               FIRMS_ENROLMENT "WHERE e.contact_person_id = $1");

const db::Statement kConsultantOf("held_enrolments_consultant",
                                  FIRMS_ENROLMENT "WHERE e.consultant_person_id = $1");

std::vector<personal_data::Column> FirmsColumns() {
  return {Text("campaign", "모집"), Text("organization", "기업"), Text("applied_date", "신청일"),
          Word<v1::EnrolmentState>("state", "상태")};
}

const db::Statement kLeads(
    "held_leads",
    HELD("l.id", "l.centre_id", "l.created_at", "l.created_at", "NULL")
        R"(o.display_name, l.programme || ' ' || l.edition, l.state, l.contact_due_date
  FROM lead l LEFT JOIN organization o ON o.id = l.organization_id
  WHERE l.contact_person_id = $1)");

// Editions are the suite's.
const db::Statement kEditions("held_editions",
                              HELD("e.id", "p.centre_id", "e.created_at", "e.created_at", "NULL")
                                  R"(e.name, e.state
  FROM edition e JOIN person p ON p.id = e.manager WHERE e.manager = $1)");

const db::Statement kTimeline("held_timeline",
                              HELD("t.event_id", "t.centre_id", "t.occurred_at", "t.occurred_at",
                                   "NULL") R"(t.kind, t.event_date, t.step, o.display_name
  FROM told_entry t LEFT JOIN organization o ON o.id = t.organization_id
  WHERE t.person_id = $1)");

}  // namespace

std::vector<Held> HeldOfParticipation() {
  return {
      kGround.Of("enrolments", "참여 신청", &kEnrolments,
                 {Text("campaign", "모집"), Text("applied_date", "신청일"),
                  Word<v1::EnrolmentState>("state", "상태"),
                  Word<v1::DenialReason>("denial_reason", "거절 사유"),
                  Text("employer", "소속 기업"), Text("evidence", "심사에 쓰인 사실"),
                  Text("rules", "심사 기준"), Text("offered_until", "자리 제안 기한")},
                 {"enrolment.person_id"}),
      kGround.Of("enrolment_steps", "참여 경과", &kSteps,
                 {Text("enrolment", "참여 신청 번호"), Word<v1::EnrolmentState>("state", "상태"),
                  Text("day", "일자"), Word<v1::DenialReason>("denial_reason", "거절 사유"),
                  Word<v1::WithdrawalReason>("withdrawal_reason", "철회 사유")},
                 {}),
      kGround.Of("enrolments_contact", "기업 담당자로서의 참여", &kContactOf, FirmsColumns(),
                 {"enrolment.contact_person_id"}),
      kGround.Of("enrolments_consultant", "컨설턴트로서의 참여", &kConsultantOf, FirmsColumns(),
                 {"enrolment.consultant_person_id"}),
      kGround.Of("leads", "기업 담당자로서의 참여 의향", &kLeads,
                 {Text("organization", "기업"), Text("edition", "사업"),
                  Word<v1::LeadState>("state", "상태"), Text("contact_due_date", "연락 기한")},
                 {"lead.contact_person_id"}),
      kGround.Of("editions", "담당한 사업", &kEditions,
                 {Text("edition", "사업"), Word<v1::EditionState>("state", "상태")},
                 {"edition.manager"}),
      kGround.Of("timeline", "다른 업무에서 알려 온 경과", &kTimeline,
                 {Word<v1::TimelineKind>("kind", "종류"), Text("event_date", "일자"),
                  Text("step", "경과"), Text("organization", "기업")},
                 {"told_entry.person_id"}),
  };
}

}  // namespace ieum::registry
