// Whether a campaign admits an organization. The rules are data of the campaign; the answer is the
// first rule that failed.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "ieum/registry/v1/types.pb.h"
#include "services/registry/campaigns/campaign.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {

// Everything that a verdict looks at.
struct Request {
  const Campaign* campaign = nullptr;
  const Organization* organization = nullptr;    // null = not registered
  const v1::OrganizationFacts* facts = nullptr;  // of the day of receipt; null = none known
  // When it was handed in; for one entered by hand with its day only, that whole day.
  absl::Time first;
  absl::Time last;
  bool already_enrolled = false;
};

// The first rule that fails, in the order of DenialReason, seats left aside; unspecified =
// admitted.
v1::DenialReason FirstFailedRule(const Request& request);

// The state that follows from it, seats included: DENIED, WAITING or CONFIRMED. `reason` becomes
// CAMPAIGN_FULL when no seat is free and nobody can wait.
v1::EnrolmentState Decide(const Campaign& campaign, v1::DenialReason* reason);

}  // namespace ieum::registry
