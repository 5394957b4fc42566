// Enrolments are made by the services themselves, so no answer tells the player their names.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "tools/play/names.h"
#include "tools/play/services.h"

namespace ieum::play {

// The name of the living (CONFIRMED or ACTIVE) enrolment of `organization` in `campaign`, both keys
// of the entry. NOT_FOUND when there is none.
absl::StatusOr<std::string> FindLivingEnrolment(Services& services, const Names& names,
                                                const nlohmann::json& entry);

}  // namespace ieum::play
