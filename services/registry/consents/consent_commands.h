// What can be done with consents. Every use case on a person's consents locks the person, so that
// what a gate has read holds until its own commit: what is decided after a withdrawal's commit is
// decided with it. row:X14
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/registry/consents/consent.h"
#include "services/registry/consents/consent_receipt.h"
#include "services/registry/consents/consent_text.h"

namespace ieum::registry {

struct AddConsentTextInput {
  std::optional<base::Uuid> id;  // chosen by the caller
  v1::ConsentText text;          // what is not output
};
absl::StatusOr<ledger::Done> AddConsentText(ledger::UnitOfWork& work,
                                            const AddConsentTextInput& input);

struct RecordConsentInput {
  base::Uuid person_id;
  v1::Consent consent;  // what is not output
  base::Uuid text_id;
  std::optional<base::Uuid> guardian;
};
absl::StatusOr<ledger::Done> RecordConsent(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                           const RecordConsentInput& input);

struct WithdrawConsentsInput {
  base::Uuid person_id;
  v1::ConsentPurpose purpose = v1::CONSENT_PURPOSE_UNSPECIFIED;  // unspecified = all
  std::optional<base::Uuid> recipient;
  v1::ConsentChannel channel = v1::CONSENT_CHANNEL_UNSPECIFIED;
  std::optional<absl::Time> decided_at;  // nullopt = now
};
// Takes back what she said under any record of hers. The name of the answer is that of the act,
// `persons/{uuid}/consentActs/{uuid}`.
absl::StatusOr<ledger::Done> WithdrawConsents(ledger::UnitOfWork& work,
                                              const WithdrawConsentsInput& input);
// The same as a part of another use case, which has locked the person. `centre`: the person's.
// Answers the act.
base::Uuid TakeBack(ledger::UnitOfWork& work, const base::Uuid& person,
                    const std::optional<base::Uuid>& centre, const Withdrawal& withdrawal);

// Writes down what is due about a head that was read before: its end, or that its confirmation is
// called for. Nothing when the matter has moved on.
absl::StatusOr<ledger::Done> SettleDueConsent(ledger::UnitOfWork& work, const ConsentHead& due);

}  // namespace ieum::registry
