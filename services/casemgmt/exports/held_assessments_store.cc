#include "ieum/casemgmt/v1/types.pb.h"
#include "services/casemgmt/exports/held_assessments.h"
#include "services/casemgmt/exports/held_columns.h"

namespace ieum::casemgmt {
namespace {

using personal_data::Held;
using personal_data::Sealed;
using personal_data::Text;
using personal_data::Word;

const personal_data::Ground kGround = {.purpose = "통합사례관리",
                                       .basis = "개인정보 보호법 제15조 제1항, 제23조 제1항",
                                       .retention = "종결 후 5년(공공기록물법 시행령 제26조)"};

const db::Statement kAssessments("held_assessments",
                                 HELD("s.id", "c.", "s.created_at", DAY("s.assessed_date"))
                                     R"(s.version, s.state, s.assessed_date, s.score, s.level,
         s.primary_factor, (SELECT string_agg(f.code || ' ' || f.severity, ', ' ORDER BY f.code)
                            FROM assessment_factor f WHERE f.assessment_id = s.id),
         s.override_box, s.needs_box, s.return_box
  FROM assessment s JOIN casefile c ON c.id = s.case_id WHERE c.person_id = $1)");

const db::Statement kConferences("held_case_conferences",
                                 HELD("g.id", "c.", "g.created_at", DAY("f.conference_date"))
                                     R"(f.conference_date, g.state, g.classification,
         g.question_box, g.minutes_box
  FROM agenda_item g JOIN conference f ON f.id = g.conference_id
  JOIN casefile c ON c.id = g.case_id WHERE c.person_id = $1)");

const db::Statement kPlans("held_case_plans", HELD("p.id", "c.", "p.created_at", "p.created_at")
                                                  R"(p.version, p.state, p.signed_date, p.agreement,
         p.comment_box
  FROM case_plan p JOIN casefile c ON c.id = p.case_id WHERE c.person_id = $1)");

const db::Statement kGoals("held_plan_goals",
                           HELD("p.id || '/' || g.number", "c.", "p.created_at", "p.created_at")
                               R"(p.version, g.factor, g.goal_box, g.attainment, g.attained_date
  FROM plan_goal g JOIN case_plan p ON p.id = g.plan_id JOIN casefile c ON c.id = p.case_id
  WHERE c.person_id = $1)");

const db::Statement kActions("held_plan_actions",
                             HELD("p.id || '/' || a.number", "c.", "p.created_at", "p.created_at")
                                 R"(p.version, a.service, a.action_box, a.due_date, a.result,
         a.result_date, a.result_box
  FROM plan_action a JOIN case_plan p ON p.id = a.plan_id JOIN casefile c ON c.id = p.case_id
  WHERE c.person_id = $1)");

// Of who wrote them: what she did, not about whom.
const db::Statement kRecorded("held_assessments_recorded",
                              HELD("s.id", "c.", "s.created_at", DAY("s.assessed_date"))
                                  R"(s.assessed_date, s.state
  FROM assessment s JOIN casefile c ON c.id = s.case_id WHERE s.author_person_id = $1)");

const db::Statement kWritten("held_plans_written",
                             HELD("p.id", "c.", "p.created_at", "p.created_at")
                                 R"(p.version, p.state
  FROM case_plan_writer w JOIN case_plan p ON p.id = w.plan_id JOIN casefile c ON c.id = p.case_id
  WHERE w.writer_person_id = $1)");

std::vector<Held> OfHer() {
  return {
      kGround.Of(
          "assessments", "욕구·위기도 조사", &kAssessments,
          {Text("version", "차수"), Word<v1::AssessmentState>("state", "상태"),
           Text("assessed_date", "조사일"), Text("score", "점수"),
           Word<v1::RiskLevel>("level", "위기 수준"), Text("primary_factor", "주요 위기요인"),
           Text("factors", "위기요인별 정도"), Sealed("assessment_override", "수준 조정 사유"),
           Sealed("assessment_needs", "욕구"), Sealed("assessment_return", "반려 의견")},
          {}),
      kGround.Of("case_conferences", "사례회의", &kConferences,
                 {Text("conference_date", "회의일"), Word<v1::AgendaItemState>("state", "상태"),
                  Word<v1::CaseClassification>("classification", "대상자 구분"),
                  Sealed("agenda_question", "안건"), Sealed("agenda_minutes", "회의록")},
                 {}),
      kGround.Of("case_plans", "서비스 제공계획", &kPlans,
                 {Text("version", "차수"), Word<v1::CasePlanState>("state", "상태"),
                  Text("signed_date", "서명일"), Word<v1::PlanAgreement>("agreement", "동의 방법"),
                  Sealed("plan_comment", "검토 의견")},
                 {}),
      kGround.Of("plan_goals", "계획의 목표", &kGoals,
                 {Text("version", "차수"), Text("factor", "위기요인"), Sealed("plan_goal", "목표"),
                  Word<v1::GoalAttainment>("attainment", "달성"), Text("attained_date", "평가일")},
                 {}),
      kGround.Of("plan_actions", "계획의 서비스", &kActions,
                 {Text("version", "차수"), Word<v1::PlanServiceKind>("service", "서비스"),
                  Sealed("plan_action", "내용"), Text("due_date", "기한"),
                  Word<v1::PlanActionResult>("result", "결과"), Text("result_date", "결과일"),
                  Sealed("plan_result", "결과 내용")},
                 {}),
  };
}

}  // namespace

std::vector<Held> HeldOfAssessments() {
  std::vector<Held> held = OfHer();
  held.push_back(
      kGround.Of("assessments_recorded", "기록한 조사", &kRecorded,
                 {Text("assessed_date", "조사일"), Word<v1::AssessmentState>("state", "상태")},
                 {"assessment.author_person_id"}));
  held.push_back(kGround.Of("plans_written", "작성한 계획", &kWritten,
                            {Text("version", "차수"), Word<v1::CasePlanState>("state", "상태")},
                            {"case_plan_writer.writer_person_id"}));
  return held;
}

}  // namespace ieum::casemgmt
