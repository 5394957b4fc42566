// Who she is, and for whom she acts.
#include "ieum/registry/v1/person_service.pb.h"
#include "services/registry/exports/held_columns.h"
#include "services/registry/exports/holdings.h"
#include "services/registry/people/person_rows.h"

namespace ieum::registry {
namespace {

using personal_data::Column;
using personal_data::Held;
using personal_data::Resource;
using personal_data::Role;
using personal_data::Sealed;
using personal_data::Text;
using personal_data::Word;

const personal_data::Ground kGround = {
    .purpose = "지원사업 참여 관리 및 안내",
    .basis = "개인정보 보호법 제15조 제1항",
    .retention = "참여 종료 후 5년(공공기록물법 시행령 제26조), 동의 철회 시 5일 이내 파기"};

#define PERSON_BOXES(t)                                                           \
  t "basis, " t "preferred_language, " t "full_name_box, " t "latin_name_box, " t \
    "birth_year_box, " t "birth_date_box, " t "email_box, " t "phone_box, " t "phone_e164_box"

std::vector<Column> PersonColumns() {
  return {Word<v1::LegalBasis>("basis", "처리 근거"),
          Word<v1::Language>("preferred_language", "선호 언어"),
          Sealed("full_name", "성명"),
          Sealed("latin_name", "영문 성명"),
          Sealed("birth_year", "출생연도"),
          Sealed("birth_date", "생년월일"),
          Sealed("email", "전자우편"),
          Sealed("phone", "전화번호"),
          Sealed("phone_e164", "전화번호(국제표준)")};
}

// Records that were merged into hers are asked for by themselves; of those that the caller may not
// see he hears here that they are there.
const db::Statement kIdentity("held_identity", HELD("p.id", "p.centre_id", "p.created_at",
                                                    "p.known_from", "NULL") PERSON_BOXES("p.") R"(
  FROM person_records(ARRAY[$1::uuid]) r JOIN person p ON p.id = r.record_id
  WHERE p.id = $1 OR NOT coalesce()" PERSON_IN_SCOPE("$2", "$3") ", false)");

// While a merge that was a mistake held, her record said values of somebody else's: what such a
// merge took (`taken`, as of an instant) is not hers. Her own stand before it.
#define HERS(field, box) "CASE WHEN '" field "' = ANY(taken.fields) THEN NULL ELSE " box " END"
#define HER_BOXES(t) \
  t "basis, " t "preferred_language, " HERS("full_name", t "full_name_box") ", " HERS(         \
      "latin_name", t "latin_name_box") ", " HERS("birth_year", t "birth_year_box") ", " HERS( \
      "birth_year", t "birth_date_box") ", " HERS("email", t "email_box") ", " HERS(           \
      "phone", t "phone_box") ", " HERS("phone", t "phone_e164_box")
#define TAKEN_BY_MISTAKE(then)                                                          \
  " LEFT JOIN LATERAL (SELECT array_agg(f.field) AS fields FROM person_merge x, "       \
  "unnest(x.taken_fields) f (field) WHERE x.survivor_id = $1 AND x.state = 2 AND " then \
  ") taken ON TRUE "

const db::Statement kEarlier(
    "held_identity_earlier",
    HELD(ORDERED("v.seq"), "v.centre_id", "v.known_from", "v.known_from", "v.known_to")
        HER_BOXES("v.") " FROM person_version v" TAKEN_BY_MISTAKE(
            "v.known_from >= x.created_at AND v.known_to <= x.undone_at") "WHERE v.person_id = $1");

// What another record had taken from this one stands with that one's merge, under that one's key.
const db::Statement kBeforeMerge(
    "held_identity_before_merge",
    HELD(ORDERED("m.seq"), "m.centre_id", "m.created_at", "NULL", "m.created_at")
        HER_BOXES("m.") " FROM person_merge m" TAKEN_BY_MISTAKE(
            "x.seq < m.seq AND m.created_at <= x.undone_at") "WHERE m.survivor_id = $1");

#define AFFILIATION_HELD(t) "o.display_name, " t "role, " t "start_date, " t "end_date"

const db::Statement kAffiliations("held_affiliations",
                                  HELD("t.id", "t.centre_id", "NULL", DAY("t.start_date"),
                                       DAY("t.end_date")) AFFILIATION_HELD("t.")
                                      R"(
  FROM affiliation t LEFT JOIN organization o ON o.id = t.organization_id
  WHERE t.person_id = $1)");

// Without those that were hers by a merge that was a mistake.
const db::Statement kAffiliationsEarlier("held_affiliations_earlier",
                                         HELD("t.id || '/' || " ORDERED("t.seq"), "t.centre_id",
                                              "NULL", DAY("t.start_date"), DAY("t.end_date"))
                                             AFFILIATION_HELD("t.")
                                                 R"(
  FROM affiliation_version t LEFT JOIN organization o ON o.id = t.organization_id
  WHERE t.person_id = $1 AND NOT EXISTS (
    SELECT 1 FROM person_merge m JOIN merge_move w ON w.merge_id = m.id
    WHERE m.survivor_id = $1 AND m.state = 2 AND w.place = 'affiliation.person_id'
      AND w.row_key = t.id::text))");

std::vector<Column> AffiliationColumns() {
  return {Text("organization", "기관"), Word<v1::AffiliationRole>("role", "역할"),
          Text("start_date", "시작일"), Text("end_date", "종료일")};
}

const db::Statement kGuardians("held_guardians",
                               HELD("g.id", "g.centre_id", "g.verified_at", "g.verified_at",
                                    "g.ended_at") R"(g.verification, g.verifier
  FROM guardianship g WHERE g.person_id = $1)");

const db::Statement kWards("held_wards",
                           HELD("g.id", "g.centre_id", "g.verified_at", "g.verified_at",
                                "g.ended_at") R"(g.verification, g.verifier
  FROM guardianship g WHERE g.guardian_id = $1)");

std::vector<Column> GuardianColumns() {
  return {Word<v1::GuardianVerification>("verification", "확인 방법"),
          Role("verifier", "확인한 사람의 역할")};
}

// Her own account, when she works here.
const db::Statement kAccount("held_account",
                             HELD("s.id", "p.centre_id", "s.created_at", "s.created_at", "NULL")
                                 R"(s.account, s.state, s.state_reason
  FROM subject s JOIN person p ON p.id = s.person_id WHERE s.person_id = $1)");

const db::Statement kGrants("held_grants",
                            HELD("g.id", "g.centre_id", "g.given_at", "g.given_at", "g.ended_at")
                                R"(g.role, g.kind, g.reason, g.ended_by, g.end_reason
  FROM subject_grant g JOIN subject s ON s.id = g.subject_id WHERE s.person_id = $1)");

}  // namespace

std::vector<Held> HeldOfPeople() {
  return {
      kGround.Of("identity", "인적사항", &kIdentity, PersonColumns(), {"person.id"}),
      kGround.Of("identity_earlier", "변경 전 인적사항", &kEarlier, PersonColumns(),
                 {"person_version.person_id"}),
      kGround.Of("identity_before_merge", "기록 병합 전 인적사항", &kBeforeMerge, PersonColumns(),
                 {"person_merge.survivor_id"}),
      kGround.Of("affiliations", "소속", &kAffiliations, AffiliationColumns(),
                 {"affiliation.person_id"}),
      kGround.Of("affiliations_earlier", "변경 전 소속", &kAffiliationsEarlier,
                 AffiliationColumns(), {"affiliation_version.person_id"}),
      kGround.Of("guardians", "법정대리인 확인", &kGuardians, GuardianColumns(),
                 {"guardianship.person_id"}),
      kGround.Of("wards", "법정대리인으로서의 확인", &kWards, GuardianColumns(),
                 {"guardianship.guardian_id"}),
      kGround.Of("account", "직원 계정", &kAccount,
                 {Text("account", "계정"), Word<v1::SubjectState>("state", "상태"),
                  Text("state_reason", "상태 사유")},
                 {"subject.person_id"}),
      kGround.Of(
          "grants", "접근 권한", &kGrants,
          {Text("role", "역할"), Word<v1::GrantKind>("kind", "종류"), Text("reason", "부여 사유"),
           Word<v1::GrantEnd>("ended_by", "종료"), Text("end_reason", "종료 사유")},
          {}),
  };
}

}  // namespace ieum::registry
