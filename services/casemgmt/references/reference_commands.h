// What casemgmt does when it hears of organizations and campaigns.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/references/reference.h"

namespace ieum::casemgmt {

// Keeps what is known of the campaign; drafts tell when their window has got another last day.
// `version` is the producer's: what was heard before changes nothing.
absl::Status LearnCampaign(ledger::UnitOfWork& work, const CampaignReference& campaign,
                           int64_t version);

}  // namespace ieum::casemgmt
