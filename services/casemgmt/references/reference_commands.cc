#include "services/casemgmt/references/reference_commands.h"

#include "services/casemgmt/forms/application_commands.h"
#include "services/casemgmt/references/reference_store.h"

namespace ieum::casemgmt {

absl::Status LearnCampaign(ledger::UnitOfWork& work, const CampaignReference& campaign,
                           int64_t version) {
  // The campaign's row is taken before any form is locked: whoever begins a draft holds that row,
  // so each draft either knows the new window or is found here.
  const auto known = TakeCampaign(work.tx(), campaign.id);
  // A release that knew of no centres has left the row without one.
  const bool same = known && known->version == version;
  const bool mends = same && !known->campaign.centre && campaign.centre;
  if (known && known->version >= version && !mends) return absl::OkStatus();
  KeepCampaign(work.tx(), campaign, version);
  if (known && known->campaign.window_end_date != campaign.window_end_date) {
    TellDraftsOfNewWindow(work, campaign.id, known->campaign.window_end_date);
  }
  return absl::OkStatus();
}

}  // namespace ieum::casemgmt
