// The table `campaign`. A campaign of a centre that the scope does not hold is as if it were not
// there.
#pragma once

#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/campaigns/campaign.h"

namespace ieum::registry {

// The gate of a campaign: its row, locked until the transaction ends. Whoever may take or give a
// seat enters it before anything else, in id order, before the aggregates are locked. Behind it
// seats, waiting line and enrolments of the campaign stand still, so that the enrolments to be
// promoted can be found before they are locked.
void EnterGates(db::Tx& tx, const base::Scope& scope, const std::vector<base::Uuid>& campaigns);

std::optional<Campaign> FindCampaign(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);

// False when there is one with this id, or programme and edition have one of this code; nothing was
// written then.
bool InsertCampaign(db::Tx& tx, const Campaign& campaign);
// Terms and state.
void SaveCampaign(db::Tx& tx, const base::Scope& scope, const Campaign& campaign);
// Seats, those held by an offer, waiting firms and the last line number.
void SaveSeats(db::Tx& tx, const base::Scope& scope, const Campaign& campaign);

// A campaign as answered.
struct CampaignView {
  Campaign campaign;
  int64_t version = 0;
};
std::optional<CampaignView> FindCampaignView(db::Tx& tx, const base::Scope& scope,
                                             const base::Uuid& id);
const filter::ListSpec& CampaignList();
CampaignView ReadCampaignView(const db::Row& row);

// The list as it was known at the instant; the version is that of the events then. Seats, offers
// and waiting firms come apart, with AddCountsThen: they follow from the steps of enrolments.
filter::ListSpec CampaignListThen(absl::Time instant);
void AddCountsThen(db::Tx& tx, absl::Time instant, std::vector<CampaignView>* views);

}  // namespace ieum::registry
