// What can be done with campaigns.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "services/registry/campaigns/campaign.h"

namespace ieum::registry {

struct PlanCampaignInput {
  std::optional<base::Uuid> id;      // chosen by the caller
  v1::Campaign campaign;             // what is not output
  std::optional<base::Uuid> centre;  // as the caller said
};
absl::StatusOr<ledger::Done> PlanCampaign(ledger::UnitOfWork& work, const PlanCampaignInput& input);

struct UpdateCampaignInput {
  base::Uuid id;
  std::string etag;
  // Given the terms as they are, makes of them what they shall be.
  std::function<absl::Status(v1::Campaign*)> change;
};
// More seats go to waiting firms in their order, at once or as offers.
absl::StatusOr<ledger::Done> UpdateCampaign(ledger::UnitOfWork& work,
                                            const UpdateCampaignInput& input);

struct CampaignStepInput {
  base::Uuid id;
  std::string etag;
};
absl::StatusOr<ledger::Done> OpenCampaign(ledger::UnitOfWork& work, const CampaignStepInput& input);
absl::StatusOr<ledger::Done> CloseCampaign(ledger::UnitOfWork& work,
                                           const CampaignStepInput& input);

}  // namespace ieum::registry
