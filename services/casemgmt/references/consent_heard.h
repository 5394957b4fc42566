// What was heard of a person's consents, from registry's events. It decides whether a step that
// needs one may be taken; who asks for the consent itself is registry.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/consent_types.pb.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"

namespace ieum::casemgmt {

struct HeardConsent {
  base::Uuid person;
  registry::v1::ConsentPurpose purpose = registry::v1::CONSENT_PURPOSE_UNSPECIFIED;
  std::optional<base::Uuid> receiver;  // of a provision to a third party
  int revision = 0;                    // of its matter, from 1
  bool given = false;
  std::optional<absl::Time> expires_at;
};

// Older revisions of the same matter than known change nothing: false.
bool KeepConsent(db::Tx& tx, const HeardConsent& heard);
// Whether the person, under any id of hers, has said yes and neither withdrew it nor let it end.
bool HasConsent(db::Tx& tx, const base::Uuid& person, registry::v1::ConsentPurpose purpose,
                absl::Time now, const std::optional<base::Uuid>& receiver = std::nullopt);
// The same as a refusal: CONSENT_MISSING; it may be on its way, so the call can be repeated.
// law:L01
absl::Status RequireConsent(db::Tx& tx, const base::Uuid& person,
                            registry::v1::ConsentPurpose purpose, absl::Time now,
                            const std::optional<base::Uuid>& receiver = std::nullopt);
void ForgetConsents(db::Tx& tx, const base::Uuid& person);
// Whatever is heard next of anything is newer than what is known of it.
void ForgetConsentRevisions(db::Tx& tx);

}  // namespace ieum::casemgmt
