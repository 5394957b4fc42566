#include "services/casemgmt/referrals/referral_wire.h"

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"
#include "services/casemgmt/referrals/provision_commands.h"
#include "services/casemgmt/sealed_words.h"
#include "services/casemgmt/transfers/transfer.h"

namespace ieum::casemgmt {
namespace {

// Registry's name of a receipt; "" when whose it is is not known any more.
std::string ReceiptName(const std::optional<base::Uuid>& person,
                        const std::optional<base::Uuid>& receipt) {
  if (!person || !receipt) return "";
  return absl::StrCat(NameIn("persons", person), "/consentReceipts/", receipt->ToString());
}

void NameAnswer(const Referral& referral, v1::Referral* wire) {
  wire->set_answer_overdue(referral.overdue_told);
  wire->set_answer_date(DayText(referral.answer_day));
  wire->set_answer_way(referral.answer_way);
  wire->set_reject_reason(referral.reject_reason);
  wire->set_outcome(referral.outcome);
  wire->set_result_date(DayText(referral.result_day));
  wire->set_result_way(referral.result_way);
  wire->set_revoke_reason(referral.revoke_reason);
  if (referral.ended_at) *wire->mutable_end_time() = ToTimestamp(*referral.ended_at);
}

bool KnowsHer(const ReferralView& view, Side side, absl::Time now) {
  if (side == Side::kSender) return true;
  return Shares(view.referral, v1::SHARED_PART_IDENTITY) && CheckShared(view.referral, now).ok();
}

}  // namespace

v1::Referral ToWire(const ReferralView& view, Side side) {
  const Referral& referral = view.referral;
  v1::Referral wire;
  wire.set_name(ReferralName(referral.case_id, referral.id));
  wire.set_state(referral.state);
  wire.set_service(referral.service);
  wire.set_from_centre(NameIn("organizations", view.centre));
  wire.set_recipient(NameIn("organizations", referral.recipient));
  wire.set_recipient_contact(NameIn("persons", referral.contact));
  for (const v1::SharedPart part : referral.parts) wire.add_parts(part);
  wire.mutable_items()->Assign(referral.items.begin(), referral.items.end());
  wire.set_sent_date(base::FormatDay(referral.sent_day));
  wire.set_answer_due_date(base::FormatDay(referral.answer_due));
  wire.set_end_date(base::FormatDay(referral.end_day));
  NameAnswer(referral, &wire);
  *wire.mutable_create_time() = ToTimestamp(referral.create_time);
  wire.set_etag(ledger::FormatEtag(referral.revision));
  if (side != Side::kSender) return wire;
  if (view.link_expires_at) *wire.mutable_link_expire_time() = ToTimestamp(*view.link_expires_at);
  return wire;
}

absl::StatusOr<v1::Referral> ToWire(db::Tx& tx, const db::PersonKeys& keys,
                                    const ReferralView& view, Side side, absl::Time now) {
  v1::Referral wire = ToWire(view, side);
  ASSIGN_OR_RETURN(const SealedWords words, SealedWords::ToRead(tx, keys, view.person));
  ASSIGN_OR_RETURN(*wire.mutable_answer_text(), words.Words("referral_answer", view.boxes.answer));
  ASSIGN_OR_RETURN(*wire.mutable_result_text(), words.Words("referral_result", view.boxes.result));
  if (side == Side::kSender || IsOpen(view.referral.state)) {
    ASSIGN_OR_RETURN(*wire.mutable_request_text(),
                     words.Words("referral_request", view.boxes.request));
  }
  if (KnowsHer(view, side, now)) wire.set_person(NameIn("persons", view.person));
  if (side != Side::kSender) return wire;
  ASSIGN_OR_RETURN(*wire.mutable_outside_body(),
                   words.Words("referral_outside_body", view.boxes.outside_body));
  wire.set_consent_receipt(ReceiptName(view.person, view.referral.receipt));
  return wire;
}

v1::Provision ToWire(const ProvisionView& view) {
  const Provision& provision = view.provision;
  v1::Provision wire;
  wire.set_name(ProvisionName(provision.case_id, provision.id));
  wire.set_kind(provision.kind);
  if (provision.subject) {
    wire.set_subject(provision.kind == v1::PROVISION_KIND_TRANSFER
                         ? TransferName(provision.case_id, *provision.subject)
                         : ReferralName(provision.case_id, *provision.subject));
  }
  wire.set_recipient(NameIn("organizations", provision.recipient));
  wire.mutable_items()->Assign(provision.items.begin(), provision.items.end());
  wire.set_allowed(provision.answer.allowed());
  wire.set_refusal(provision.answer.refusal);
  wire.set_consent_receipt(ReceiptName(view.person, provision.answer.receipt));
  *wire.mutable_ask_time() = ToTimestamp(provision.answer.asked_at);
  return wire;
}

}  // namespace ieum::casemgmt
