// What she agreed to, and what was given away on it.
#include "ieum/registry/v1/consent_types.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "services/registry/exports/held_columns.h"
#include "services/registry/exports/holdings.h"

namespace ieum::registry {
namespace {

using personal_data::Held;
using personal_data::Role;
using personal_data::Text;
using personal_data::Word;

const personal_data::Ground kGround = {.purpose = "동의의 증명 및 제공 내역 확인",
                                       .basis = "개인정보 보호법 제22조, 정보통신망법 제50조",
                                       .retention = "동의 종료 후 5년"};

#define CONSENT_HELD                                                            \
  HELD("c.id", "c.centre_id", "c.recorded_at", "c.decided_at", "c.expires_at")  \
  "c.purpose, c.state, c.channel, o.display_name, t.code || ' ' || t.version, " \
  "c.guardian_id IS NOT NULL, c.recorder FROM consent c "                       \
  "JOIN consent_text t ON t.id = c.text_id LEFT JOIN organization o ON o.id = c.recipient_id "

const db::Statement kConsents("held_consents", CONSENT_HELD "WHERE c.person_id = $1");

const db::Statement kConsentsForWards("held_consents_for_wards",
                                      CONSENT_HELD "WHERE c.guardian_id = $1");

std::vector<personal_data::Column> ConsentColumns() {
  return {Word<v1::ConsentPurpose>("purpose", "목적"),
          Word<v1::ConsentState>("state", "상태"),
          Word<v1::ConsentChannel>("channel", "방법"),
          Text("recipient", "제공받는 자"),
          Text("text", "동의서"),
          Text("by_guardian", "법정대리인 동의 여부"),
          Role("recorder", "기록한 사람의 역할")};
}

const db::Statement kProvisions(
    "held_provisions",
    HELD("r.id", "r.centre_id", "r.asked_at", "r.asked_at", "NULL")
        R"(r.kind, o.display_name, r.items::text, r.publication, r.refusal, r.asked_by,
         r.ground, r.reason
  FROM consent_receipt r LEFT JOIN organization o ON o.id = r.recipient_id
  WHERE r.person_id = $1)");

const db::Statement kContacts("held_contacts",
                              HELD("r.id", "p.centre_id", "r.asked_at", "r.asked_at", "NULL")
                                  R"(r.purpose, r.channel, r.basis,
         CASE r.addresses WHEN 1 THEN '전자우편' WHEN 2 THEN '전화번호' ELSE '전자우편, 전화번호' END,
         r.refusal, r.asked_by
  FROM contact_receipt r JOIN person p ON p.id = r.person_id WHERE r.person_id = $1)");

}  // namespace

std::vector<Held> HeldOfConsents() {
  return {
      kGround.Of("consents", "동의 내역", &kConsents, ConsentColumns(), {"consent.person_id"}),
      kGround.Of("consents_for_wards", "법정대리인으로서 한 동의", &kConsentsForWards,
                 ConsentColumns(), {"consent.guardian_id"}),
      kGround.Of(
          "provisions", "제공 및 공개 내역", &kProvisions,
          {Text("kind", "종류(1 제공, 2 공개)"), Text("recipient", "제공받는 자"),
           Text("items", "항목"), Word<v1::PublicationKind>("publication", "공개 방법"),
           Word<v1::ConsentRefusal>("refusal", "거절 사유"), Role("asked_by", "요청한 사람의 역할"),
           Word<v1::OverrideGround>("ground", "예외 근거"), Text("reason", "예외 사유")},
          {"consent_receipt.person_id"}),
      kGround.Of(
          "contacts", "연락처 이용 내역", &kContacts,
          {Word<v1::ContactPurpose>("purpose", "목적"), Word<v1::ContactChannel>("channel", "수단"),
           Word<v1::LegalBasis>("basis", "근거"), Text("addresses", "이용한 연락처"),
           Word<v1::ContactRefusal>("refusal", "거절 사유"),
           Role("asked_by", "요청한 사람의 역할")},
          {"contact_receipt.person_id"}),
  };
}

}  // namespace ieum::registry
