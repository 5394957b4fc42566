// The rows of what was heard about organizations and campaigns.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "services/casemgmt/references/reference.h"

namespace ieum::casemgmt {

// What one or more events of one organization told, and the version of the last of them.
struct HeardOrganization {
  OrganizationReference organization;
  int64_t version = 0;
};

std::optional<OrganizationReference> FindOrganization(db::Tx& tx, const base::Uuid& id);
// Each id once. Older versions than known change nothing; a deactivation is never taken back.
void KeepOrganizations(db::Tx& tx, const std::vector<HeardOrganization>& heard);

// A campaign of a centre that the scope does not hold is as if it were not known.
std::optional<CampaignReference> FindCampaign(db::Tx& tx, const base::Scope& scope,
                                              const base::Uuid& id);
// The same, and what is known of the campaign cannot change before the transaction ends.
std::optional<CampaignReference> HoldCampaign(db::Tx& tx, const base::Scope& scope,
                                              const base::Uuid& id);

// Takes the campaign's row for writing and answers what was known before; absent = nothing.
struct KnownCampaign {
  CampaignReference campaign;
  int64_t version = 0;
};
std::optional<KnownCampaign> TakeCampaign(db::Tx& tx, const base::Uuid& id);
// Older versions than known change nothing; the known one gives its centre to a row that an older
// release wrote without.
void KeepCampaign(db::Tx& tx, const CampaignReference& campaign, int64_t version);

// Whatever is heard next of anything is newer than what is known of it.
void ForgetReferenceVersions(db::Tx& tx);

}  // namespace ieum::casemgmt
