// What registry reads from its environment about duplicates.
#pragma once

#include "platform/config/config.h"
#include "services/registry/people/similarity.h"

namespace ieum::registry {

// Faults stay in the reader.
void ReadMatchSettings(config::Reader& reader, MatchRules* rules);

}  // namespace ieum::registry
