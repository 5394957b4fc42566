#include "ieum/casemgmt/v1/referral_types.pb.h"
#include "services/casemgmt/exports/held_columns.h"
#include "services/casemgmt/exports/held_referrals.h"

namespace ieum::casemgmt {
namespace {

using personal_data::Held;
using personal_data::Resource;
using personal_data::Sealed;
using personal_data::Text;
using personal_data::Word;

const personal_data::Ground kOfCase = {.purpose = "통합사례관리 의뢰 및 이관",
                                       .basis = "개인정보 보호법 제15조 제1항, 제17조 제1항",
                                       .retention = "종결 후 5년(공공기록물법 시행령 제26조)"};
const personal_data::Ground kOfContact = {.purpose = "의뢰 및 이관 담당자 연락",
                                          .basis = "개인정보 보호법 제15조 제1항",
                                          .retention = "종결 후 5년(공공기록물법 시행령 제26조)"};

const db::Statement kReferrals("held_referrals",
                               HELD("f.id", "c.", "f.created_at", DAY("f.sent_date"))
                                   R"(f.service, f.recipient_id, f.outside_box, f.request_box,
         f.parts, array_to_string(f.items, ', '), f.sent_date, f.end_date, f.state, f.answer_date,
         f.reject_reason, f.answer_box, f.outcome, f.result_date, f.result_box
  FROM referral f JOIN casefile c ON c.id = f.case_id WHERE c.person_id = $1)");

const db::Statement kTransfers("held_case_transfers",
                               HELD("t.id", "c.", "t.created_at", DAY("t.asked_date"))
                                   R"(t.from_centre_id, t.to_centre_id, t.reason, t.reason_box,
         array_to_string(t.items, ', '), t.state, t.asked_date, t.decided_at, t.reject_reason,
         t.decision_box
  FROM case_transfer t JOIN casefile c ON c.id = t.case_id WHERE c.person_id = $1)");

const db::Statement kProvisions("held_provisions",
                                HELD("p.id", "c.", "p.asked_at", "p.asked_at")
                                    R"(p.kind, p.recipient_id, array_to_string(p.items, ', '),
         p.allowed, p.asked_at
  FROM provision p JOIN casefile c ON c.id = p.case_id WHERE c.person_id = $1)");

// Whose case it is, is somebody else's data.
const db::Statement kContacts("held_referral_contacts",
                              HELD("f.id", "c.", "f.created_at", DAY("f.sent_date"))
                                  R"(f.recipient_id, f.sent_date
  FROM referral f JOIN casefile c ON c.id = f.case_id WHERE f.contact_person_id = $1)");
const db::Statement kTransferContacts("held_transfer_contacts",
                                      HELD("t.id", "c.", "t.created_at", DAY("t.asked_date"))
                                          R"(t.to_centre_id, t.asked_date
  FROM case_transfer t JOIN casefile c ON c.id = t.case_id WHERE t.contact_person_id = $1)");

std::vector<Held> OfContacts() {
  return {
      kOfContact.Of("referral_contacts", "의뢰를 받은 기관의 담당자", &kContacts,
                    {Resource("recipient", "기관", "organizations/"), Text("sent_date", "의뢰일")},
                    {"referral.contact_person_id"}),
      kOfContact.Of("transfer_contacts", "이관을 받은 기관의 담당자", &kTransferContacts,
                    {Resource("to_centre", "기관", "organizations/"), Text("asked_date", "요청일")},
                    {"case_transfer.contact_person_id"})};
}

}  // namespace

std::vector<Held> HeldOfReferrals() {
  std::vector<Held> held = {
      kOfCase.Of(
          "referrals", "의뢰", &kReferrals,
          {Word<v1::ReferralServiceKind>("service", "서비스"),
           Resource("recipient", "의뢰 기관", "organizations/"),
           Sealed("referral_outside_body", "외부 기관"), Sealed("referral_request", "의뢰 내용"),
           Word<v1::SharedPart>("parts", "공유 범위"), Text("items", "제공 항목"),
           Text("sent_date", "의뢰일"), Text("end_date", "공유 종료일"),
           Word<v1::ReferralState>("state", "상태"), Text("answer_date", "회신일"),
           Word<v1::ReferralRejectReason>("reject_reason", "거절 사유"),
           Sealed("referral_answer", "회신 내용"), Word<v1::ReferralOutcome>("outcome", "결과"),
           Text("result_date", "결과일"), Sealed("referral_result", "결과 내용")},
          {}),
      kOfCase.Of(
          "case_transfers", "사례 이관", &kTransfers,
          {Resource("from_centre", "이관한 기관", "organizations/"),
           Resource("to_centre", "이관받은 기관", "organizations/"),
           Word<v1::TransferReason>("reason", "사유"), Sealed("transfer_reason", "사유 내용"),
           Text("items", "제공 항목"), Word<v1::TransferState>("state", "상태"),
           Text("asked_date", "요청일"), Text("decide_time", "결정 일시"),
           Word<v1::TransferRejectReason>("reject_reason", "거절 사유"),
           Sealed("transfer_decision", "결정 내용")},
          {}),
      kOfCase.Of(
          "provisions", "제3자 제공 내역", &kProvisions,
          {Word<v1::ProvisionKind>("kind", "구분"),
           Resource("recipient", "제공받는 자", "organizations/"), Text("items", "제공 항목"),
           Text("allowed", "제공 여부"), Text("ask_time", "확인 일시")},
          {})};
  for (Held& contact : OfContacts()) held.push_back(std::move(contact));
  return held;
}

}  // namespace ieum::casemgmt
