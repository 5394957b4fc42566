// Looking up what no answer told before: parts of cases and groups that come by themselves.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "tools/play/names.h"
#include "tools/play/services.h"

namespace ieum::play {

// The check of `case` at `months`; NOT_FOUND when there is none.
absl::StatusOr<std::string> FindRetentionCheck(Services& services, const Names& names,
                                               const nlohmann::json& entry);
// The session of `group` with `number`, from 1; NOT_FOUND when there is none.
absl::StatusOr<std::string> FindGroupSession(Services& services, const Names& names,
                                             const nlohmann::json& entry);

}  // namespace ieum::play
