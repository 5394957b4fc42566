// The identity of a call: the same words give the same id, so a call that is made again, by this
// player or another, is the same call.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/uuid.h"

namespace ieum::play {

// `words` name the call inside the scenario: "2023-05-11T10:00:00+09:00 engagement.planVisit", or
// "organizations G001 0" for masters.
inline std::string RequestId(std::string_view scenario_key, std::string_view words) {
  const base::Uuid scenario = base::Uuid::Derive(base::Uuid(), scenario_key);
  return base::Uuid::Derive(scenario, words).ToString();
}

}  // namespace ieum::play
