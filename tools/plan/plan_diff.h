// What changes between a plan as it is and as a file wants it, in words.
#pragma once

#include <string>
#include <vector>

#include "ieum/registry/v1/campaign_service.pb.h"
#include "ieum/registry/v1/programme_service.pb.h"

namespace ieum::plan {

// The edition without what the server says of it, as a file could have brought it.
registry::v1::Edition Wanted(const registry::v1::Edition& edition);

// One difference a line: "~ target B04: 24 → 30", "+ line BSN-5", "- date COUNCIL-3 of BSN-1".
// Empty = nothing differs.
std::vector<std::string> Differences(const registry::v1::Programme& is,
                                     const registry::v1::Programme& wanted);
std::vector<std::string> Differences(const registry::v1::Edition& is,
                                     const registry::v1::Edition& wanted);
std::vector<std::string> Differences(const registry::v1::Campaign& is,
                                     const registry::v1::Campaign& wanted);

}  // namespace ieum::plan
