#include "services/casemgmt/transfers/transfer_wire.h"

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"
#include "services/casemgmt/sealed_words.h"

namespace ieum::casemgmt {
namespace {

void NameDecision(const Transfer& transfer, v1::Transfer* wire) {
  if (transfer.decided_at) *wire->mutable_decide_time() = ToTimestamp(*transfer.decided_at);
  wire->set_decider(transfer.decider);
  wire->set_reject_reason(transfer.reject_reason);
  wire->set_withdraw_cause(transfer.withdraw_cause);
  wire->set_ownership_epoch(transfer.ownership_epoch);
}

}  // namespace

v1::Transfer ToWire(const TransferView& view) {
  const Transfer& transfer = view.transfer;
  v1::Transfer wire;
  wire.set_name(TransferName(transfer.case_id, transfer.id));
  wire.set_state(transfer.state);
  wire.set_from_centre(NameIn("organizations", transfer.from_centre));
  wire.set_to_centre(NameIn("organizations", transfer.to_centre));
  wire.set_recipient_contact(NameIn("persons", transfer.contact));
  wire.set_reason(transfer.reason);
  wire.mutable_items()->Assign(transfer.items.begin(), transfer.items.end());
  wire.set_case_number(view.case_number);
  wire.set_programme(view.programme);
  wire.set_answer_due_date(base::FormatDay(transfer.answer_due));
  wire.set_answer_overdue(transfer.overdue_told);
  *wire.mutable_create_time() = ToTimestamp(transfer.create_time);
  wire.set_requester(transfer.requester);
  *wire.mutable_expire_time() = ToTimestamp(transfer.expires_at);
  NameDecision(transfer, &wire);
  wire.set_etag(ledger::FormatEtag(transfer.revision));
  return wire;
}

absl::StatusOr<v1::Transfer> ToWire(db::Tx& tx, const db::PersonKeys& keys,
                                    const TransferView& view, bool knows_her) {
  v1::Transfer wire = ToWire(view);
  ASSIGN_OR_RETURN(const SealedWords words, SealedWords::ToRead(tx, keys, view.person));
  ASSIGN_OR_RETURN(*wire.mutable_reason_text(), words.Words("transfer_reason", view.reason_box));
  ASSIGN_OR_RETURN(*wire.mutable_decision_text(),
                   words.Words("transfer_decision", view.decision_box));
  if (!knows_her || !view.person) return wire;
  wire.set_person(NameIn("persons", view.person));
  wire.set_consent_receipt(
      absl::StrCat(wire.person(), "/consentReceipts/", view.transfer.receipt.ToString()));
  return wire;
}

}  // namespace ieum::casemgmt
