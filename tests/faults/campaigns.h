// Campaigns of the load's own, open for many years of business time, and its consent text.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "platform/rpc/peer.h"

namespace ieum::faults {

enum class CampaignKind {
  kRules,     // registry's rules decide, seats for all
  kFewSeats,  // … seats for few, and a waiting line
  kExternal,  // others decide
  kFocus,     // focus consulting, without forms
};

// Makes and opens one; its resource name.
absl::StatusOr<std::string> MakeCampaign(rpc::Peer& registry, CampaignKind kind);

// What people are asked with whether they want advertising; its resource name.
absl::StatusOr<std::string> MakePaper(rpc::Peer& registry);

}  // namespace ieum::faults
