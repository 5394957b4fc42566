// What registry reads from its environment about access.
#pragma once

#include <optional>

#include "platform/base/uuid.h"
#include "platform/config/config.h"

namespace ieum::registry {

struct AccessSettings {
  std::optional<base::Uuid> always_told;  // a person, of every broken glass
};

// Faults stay in the reader.
void ReadAccessSettings(config::Reader& reader, AccessSettings* settings);

}  // namespace ieum::registry
