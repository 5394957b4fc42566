#include "ieum/casemgmt/v1/types.pb.h"
#include "services/casemgmt/exports/held_columns.h"
#include "services/casemgmt/exports/held_followups.h"

namespace ieum::casemgmt {
namespace {

using personal_data::Held;
using personal_data::Resource;
using personal_data::Text;
using personal_data::Word;

const personal_data::Ground kOfCase = {.purpose = "통합사례관리 사후관리",
                                       .basis = "개인정보 보호법 제15조 제1항",
                                       .retention = "종결 후 5년(공공기록물법 시행령 제26조)"};
const personal_data::Ground kOfFirm = {.purpose = "기업 지원, 상담 및 행사 운영",
                                       .basis = "개인정보 보호법 제15조 제1항",
                                       .retention = "지원 종료 후 5년(공공기록물법 시행령 제26조)"};

const db::Statement kChecks("held_retention_checks",
                            HELD("k.id", "c.", "k.created_at", DAY("k.due_date"))
                                R"(k.months, k.due_date, k.state, r.result, r.evidence,
         r.checked_date, k.attempt_count
  FROM retention_check k JOIN casefile c ON c.id = k.case_id
  LEFT JOIN retention_result r ON r.check_id = k.id AND r.revision = k.revision
  WHERE c.person_id = $1)");

// What was recommended stands with whom the firm's plan was agreed with.
const db::Statement kRecommendations(
    "held_recommendations",
    HELD("r.id", "e.", "r.created_at", DAY("r.recommended_date"))
        R"(e.organization_id, r.measure, r.scheme_code, r.recommended_date, r.state
  FROM recommendation r JOIN engagement e ON e.id = r.engagement_id
  WHERE e.contact_person_id = $1)");

}  // namespace

std::vector<Held> HeldOfFollowUps() {
  return {
      kOfCase.Of("retention_checks", "고용유지 점검", &kChecks,
                 {Text("months", "개월"), Text("due_date", "점검일"),
                  Word<v1::RetentionCheckState>("state", "상태"),
                  Word<v1::RetentionResult>("result", "결과"),
                  Word<v1::RetentionEvidence>("evidence", "증빙"), Text("checked_date", "확인일"),
                  Text("attempts", "연락 횟수")},
                 {}),
      kOfFirm.Of("recommendations", "기업 담당자로서 받은 권고", &kRecommendations,
                 {Resource("organization", "기업", "organizations/"), Text("measure", "권고"),
                  Text("scheme_code", "제도"), Text("recommended_date", "권고일"),
                  Word<v1::RecommendationState>("state", "상태")},
                 {}),
  };
}

}  // namespace ieum::casemgmt
