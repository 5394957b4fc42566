#include "services/registry/moves/move_basis.h"

#include "platform/base/status.h"
#include "services/registry/consents/consent_store.h"
#include "services/registry/consents/consent_text.h"
#include "services/registry/consents/consent_text_store.h"
#include "services/registry/moves/move_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

ConsentReceipt ReceiptOf(const ledger::UnitOfWork& work, const Move& move,
                         const base::Uuid& person) {
  ConsentReceipt receipt;
  receipt.id = work.DeriveId("consent_receipt");
  receipt.person_id = person;
  receipt.centre = move.from_centre;  // who hands on answers for it
  receipt.kind = ConsentReceipt::Kind::kProvision;
  receipt.recipient = move.to_centre;
  receipt.items = move.items;
  receipt.asker = work.caller().actor;
  receipt.asked_at = work.now();
  return receipt;
}

}  // namespace

absl::StatusOr<FoundBasis> FindBasis(ledger::UnitOfWork& work, const Move& move) {
  if (!move.person_id) return FoundBasis{v1::MOVE_BASIS_NO_PERSON, std::nullopt};
  if (move.from_centre && HaveOneLead(work.tx(), *move.from_centre, move.to_centre)) {
    return FoundBasis{v1::MOVE_BASIS_SAME_LEAD, std::nullopt};
  }
  if (move.items.empty()) {
    return base::InvalidField("INVALID_FIELD", "items",
                              "must name what of the person's data is provided, in the words of "
                              "her consent: the centres have no lead centre in common");
  }
  const base::Uuid person = StandsFor(work.tx(), *move.person_id);
  ConsentReceipt receipt = ReceiptOf(work, move, person);
  const auto heads = FindStandingHeads(work.tx(), {person}, work.now());
  const ConsentHead* head =
      HeadFor(heads, {v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION, move.to_centre});
  const auto text = head == nullptr ? std::nullopt : FindConsentText(work.tx(), head->text_id);
  receipt.refusal = JudgeProvision(head, text ? &*text : nullptr, move.items, work.now());
  if (!receipt.allowed()) return BasisMissing(person, receipt.refusal);
  receipt.consent_id = head->consent_id;
  receipt.consent_revision = head->revision;
  return FoundBasis{v1::MOVE_BASIS_CONSENT, std::move(receipt)};
}

}  // namespace ieum::registry
