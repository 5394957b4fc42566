#include "services/registry/consents/authorize_commands.h"

#include <optional>

#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/registry/consents/consent_receipt_store.h"
#include "services/registry/consents/consent_store.h"
#include "services/registry/consents/consent_text.h"
#include "services/registry/consents/consent_text_store.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

// A receipt of a locked person; NOT_FOUND, PERMISSION_DENIED.
absl::StatusOr<ConsentReceipt> NewReceipt(ledger::UnitOfWork& work, const base::Uuid& asked) {
  base::Uuid person = asked;
  auto owner = FindOwner(work.tx(), work.scope(), person);
  if (owner && owner->merged) {
    // Who stands for her decides, and withdraws under the lock of that record.
    person = HoldSurvivors(work.tx(), {asked}).at(asked);
    owner = FindOwner(work.tx(), work.scope(), person);
  }
  if (!owner) return base::NotFound(PersonName(asked));
  RETURN_IF_ERROR(RequireKeeps(work.scope(), owner->centre));
  ConsentReceipt receipt;
  receipt.id = work.DeriveId("consent_receipt");
  receipt.person_id = person;
  receipt.centre = owner->centre;
  receipt.asker = work.caller().actor;
  receipt.asked_at = work.now();
  return receipt;
}

// `asked`: the locked person.
absl::StatusOr<ledger::Done> Keep(ledger::UnitOfWork& work, const base::Uuid& asked,
                                  const ConsentReceipt& receipt) {
  if (!InsertConsentReceipt(work.tx(), receipt)) {
    if (!receipt.overridden) {
      return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                                 "this request was answered long ago");
    }
    return base::Forbidden(v1::ERROR_REASON_CONSENT_NOT_REFUSED,
                           "the refusal was overridden already");
  }
  return ledger::Done{asked, ConsentReceiptName(receipt.person_id, receipt.id)};
}

// Where the matter stands, with the text that was consented to.
struct Standing {
  std::optional<ConsentHead> head;
  std::optional<ConsentText> text;
};

Standing Look(db::Tx& tx, const ConsentMatter& matter, ConsentReceipt* receipt) {
  const auto heads = FindStandingHeads(tx, {receipt->person_id}, receipt->asked_at);
  const ConsentHead* head = HeadFor(heads, matter);
  if (head == nullptr) return {};
  receipt->consent_id = head->consent_id;
  receipt->consent_revision = head->revision;
  return {*head, FindConsentText(tx, head->text_id)};
}

template <class T>
const T* OrNull(const std::optional<T>& value) {
  return value ? &*value : nullptr;
}

}  // namespace

absl::StatusOr<ledger::Done> AuthorizeProvision(ledger::UnitOfWork& work,
                                                const AuthorizeProvisionInput& input) {
  work.Lock({input.person_id});
  ASSIGN_OR_RETURN(ConsentReceipt receipt, NewReceipt(work, input.person_id));
  if (!FindOrganization(work.tx(), input.recipient)) {
    return base::InvalidField(v1::ERROR_REASON_RECIPIENT_UNKNOWN, "recipient",
                              "must be a registered organization");
  }
  receipt.kind = ConsentReceipt::Kind::kProvision;
  receipt.recipient = input.recipient;
  receipt.items = input.items;
  const Standing standing =
      Look(work.tx(), {v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION, input.recipient}, &receipt);
  receipt.refusal =
      JudgeProvision(OrNull(standing.head), OrNull(standing.text), input.items, work.now());
  return Keep(work, input.person_id, receipt);
}

absl::StatusOr<ledger::Done> AuthorizePublication(ledger::UnitOfWork& work,
                                                  const AuthorizePublicationInput& input) {
  work.Lock({input.person_id});
  ASSIGN_OR_RETURN(ConsentReceipt receipt, NewReceipt(work, input.person_id));
  receipt.kind = ConsentReceipt::Kind::kPublication;
  receipt.publication = input.kind;
  const Standing standing =
      Look(work.tx(), {v1::CONSENT_PURPOSE_PORTRAIT_PUBLICATION, std::nullopt}, &receipt);
  receipt.refusal =
      JudgePublication(OrNull(standing.head), OrNull(standing.text), input.kind, work.now());
  return Keep(work, input.person_id, receipt);
}

absl::StatusOr<ledger::Done> OverrideConsentReceipt(ledger::UnitOfWork& work,
                                                    const OverrideConsentReceiptInput& input) {
  work.Lock({input.person_id});
  const auto refused = FindConsentReceipt(work.tx(), work.scope(), input.id);
  if (!refused || refused->receipt.person_id != input.person_id) {
    return base::NotFound(ConsentReceiptName(input.person_id, input.id));
  }
  RETURN_IF_ERROR(work.ExpectEtag(input.person_id, input.etag));
  RETURN_IF_ERROR(RequireRefused(refused->receipt));
  ConsentReceipt receipt = refused->receipt;
  receipt.id = work.DeriveId("consent_receipt");
  receipt.asker = work.caller().actor;
  receipt.asked_at = work.now();
  receipt.overridden = input.id;
  receipt.ground = input.ground;
  receipt.reason = input.reason;
  return Keep(work, input.person_id, receipt);
}

}  // namespace ieum::registry
