// The gates of provision and publication: nothing of a person is handed on or published without a
// receipt that allows it. An address is asked for at the gate of people/.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "services/registry/consents/consent_receipt.h"

namespace ieum::registry {

struct AuthorizeProvisionInput {
  base::Uuid person_id;
  base::Uuid recipient;
  std::vector<std::string> items;
};
absl::StatusOr<ledger::Done> AuthorizeProvision(ledger::UnitOfWork& work,
                                                const AuthorizeProvisionInput& input);

struct AuthorizePublicationInput {
  base::Uuid person_id;
  v1::PublicationKind kind = v1::PUBLICATION_KIND_UNSPECIFIED;
};
absl::StatusOr<ledger::Done> AuthorizePublication(ledger::UnitOfWork& work,
                                                  const AuthorizePublicationInput& input);

struct OverrideConsentReceiptInput {
  base::Uuid person_id;
  base::Uuid id;  // of the receipt that refused
  v1::OverrideGround ground = v1::OVERRIDE_GROUND_UNSPECIFIED;
  std::string reason;
  std::string etag;  // the person's
};
absl::StatusOr<ledger::Done> OverrideConsentReceipt(ledger::UnitOfWork& work,
                                                    const OverrideConsentReceiptInput& input);

}  // namespace ieum::registry
