// Receipts of gates: what was asked about a person, what was answered, and on which consent. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/registry/consents/consent.h"

namespace ieum::registry {

struct ConsentReceipt {
  enum class Kind { kProvision = 1, kPublication = 2 };

  base::Uuid id;
  base::Uuid person_id;
  std::optional<base::Uuid> centre;  // the person's
  Kind kind = Kind::kProvision;
  std::optional<base::Uuid> recipient;  // of a provision
  std::vector<std::string> items;       // of a provision
  v1::PublicationKind publication = v1::PUBLICATION_KIND_UNSPECIFIED;
  v1::ConsentRefusal refusal = v1::CONSENT_REFUSAL_UNSPECIFIED;  // what the consents say
  std::optional<base::Uuid> consent_id;
  int consent_revision = 0;
  std::string asker;
  absl::Time asked_at;
  std::optional<base::Uuid> overridden;  // the receipt whose refusal counts for nothing
  v1::OverrideGround ground = v1::OVERRIDE_GROUND_UNSPECIFIED;
  std::string reason;

  bool allowed() const { return refusal == v1::CONSENT_REFUSAL_UNSPECIFIED || overridden; }
};

std::string ConsentReceiptName(const base::Uuid& person, const base::Uuid& id);

// FAILED_PRECONDITION (CONSENT_NOT_REFUSED) for one that allowed.
absl::Status RequireRefused(const ConsentReceipt& receipt);

}  // namespace ieum::registry
