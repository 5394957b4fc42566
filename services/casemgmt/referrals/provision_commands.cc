#include "services/casemgmt/referrals/provision_commands.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/referrals/provision_store.h"

namespace ieum::casemgmt {

std::string ProvisionName(const base::Uuid& case_id, const base::Uuid& id) {
  return absl::StrCat("cases/", case_id.ToString(), "/provisions/", id.ToString());
}

absl::Status CheckProvision(ledger::UnitOfWork& work, const base::Uuid& person,
                            const base::Uuid& recipient,
                            const std::optional<ProvisionAnswer>& answer) {
  if (!answer) return ProvisionRefusedBy(registry::v1::CONSENT_REFUSAL_MISSING);
  if (!answer->allowed()) return ProvisionRefusedBy(answer->refusal);
  HoldConsentOf(work.tx(), person);
  if (WithdrawnSince(work.tx(), person, recipient, answer->consent_revision)) {
    return ProvisionRefusedBy(registry::v1::CONSENT_REFUSAL_WITHDRAWN);
  }
  return absl::OkStatus();
}

absl::StatusOr<ledger::Done> KeepRefusal(ledger::UnitOfWork& work,
                                         const RefusedProvision& refused) {
  work.Lock({refused.of.case_id});
  ASSIGN_OR_RETURN(const Case c, LoadCase(work, refused.of));
  const base::Uuid id = work.DeriveId("provision");
  const bool kept = InsertProvision(work.tx(), {.id = id,
                                                .case_id = c.id,
                                                .kind = refused.kind,
                                                .subject = std::nullopt,
                                                .recipient = refused.recipient,
                                                .items = refused.items,
                                                .answer = refused.answer});
  if (!kept) return base::AlreadyExists("ID_TAKEN", "this request was answered long ago");
  auto event = EventOf<v1::ProvisionRefused>(c, work.now());
  event.set_recipient_id(refused.recipient.ToString());
  event.set_kind(refused.kind);
  event.set_refusal(refused.answer.refusal);
  AppendToCase(work, c, event);
  return ledger::Done{c.id, ProvisionName(c.id, id)};
}

}  // namespace ieum::casemgmt
