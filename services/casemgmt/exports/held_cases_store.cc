#include "ieum/casemgmt/v1/types.pb.h"
#include "services/casemgmt/exports/held_cases.h"
#include "services/casemgmt/exports/held_columns.h"

namespace ieum::casemgmt {
namespace {

using personal_data::Held;
using personal_data::Resource;
using personal_data::Sealed;
using personal_data::Text;
using personal_data::Word;

const personal_data::Ground kGround = {.purpose = "통합사례관리",
                                       .basis = "개인정보 보호법 제15조 제1항",
                                       .retention = "종결 후 5년(공공기록물법 시행령 제26조)"};

const db::Statement kCases("held_cases", HELD("c.id", "c.", "c.created_at", DAY("c.opened_date"))
                                             R"(c.case_number, c.programme, c.edition, c.source,
         c.source_organization_id, c.state, c.opened_date, c.intake_date, c.risk_level,
         c.primary_factor, c.classification, c.closed_date, c.close_reason, c.reject_reason,
         c.hold_from, c.hold_until, c.hold_reason
  FROM casefile c WHERE c.person_id = $1)");

const db::Statement kWords("held_case_words", HELD("w.id", "c.", "w.recorded_at", "w.recorded_at")
                                                  R"(w.kind, w.box
  FROM case_words w JOIN casefile c ON c.id = w.case_id WHERE c.person_id = $1)");

const db::Statement kAttempts("held_contact_attempts",
                              HELD("a.id", "c.", "a.recorded_at", DAY("a.attempt_date"))
                                  R"(a.channel, a.outcome
  FROM contact_attempt a JOIN casefile c ON c.id = a.case_id WHERE c.person_id = $1)");

// What she did is told as that; whose cases they are is theirs.
const db::Statement kManaged("held_cases_managed",
                             HELD("c.id", "c.", "c.created_at", DAY("c.opened_date"))
                                 R"(c.state,
         concat_ws(', ', CASE WHEN c.manager_id = $1 THEN '담당자' END,
           CASE WHEN c.supervisor_id = $1 THEN '슈퍼바이저' END,
           CASE WHEN c.closure_by_person = $1 THEN '종결 요청자' END)
  FROM casefile c WHERE $1 IN (c.manager_id, c.supervisor_id, c.closure_by_person))");

}  // namespace

std::vector<Held> HeldOfCases() {
  return {
      kGround.Of(
          "cases", "사례", &kCases,
          {Text("case_number", "사례 번호"), Text("programme", "사업"), Text("edition", "연도"),
           Word<v1::CaseSource>("source", "접수 경로"),
           Resource("source_organization", "의뢰 기관", "organizations/"),
           Word<v1::CaseState>("state", "상태"), Text("opened_date", "발굴·의뢰일"),
           Text("intake_date", "접수일"), Word<v1::RiskLevel>("risk_level", "위기 수준"),
           Text("primary_factor", "주요 위기요인"),
           Word<v1::CaseClassification>("classification", "대상자 구분"),
           Text("closed_date", "종결일"), Word<v1::CaseCloseReason>("close_reason", "종결 사유"),
           Word<v1::CaseRejectReason>("reject_reason", "미접수 사유"),
           Text("hold_from", "보류 시작일"), Text("hold_until", "보류 종료일"),
           Word<v1::CaseHoldReason>("hold_reason", "보류 사유")},
          {"casefile.person_id"}),
      kGround.Of("case_words", "사례 기록", &kWords,
                 {Word<v1::CaseWordsKind>("kind", "종류"), Sealed("case_words", "내용")}, {}),
      kGround.Of("contact_attempts", "연락 시도", &kAttempts,
                 {Word<v1::AttemptChannel>("channel", "방법"),
                  Word<v1::AttemptOutcome>("outcome", "결과")},
                 {}),
      kGround.Of("cases_managed", "담당한 사례", &kManaged,
                 {Word<v1::CaseState>("state", "상태"), Text("part", "맡은 일")},
                 {"casefile.manager_id", "casefile.supervisor_id", "casefile.closure_by_person"}),
  };
}

}  // namespace ieum::casemgmt
