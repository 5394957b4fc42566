// Results held against expected.json. Pure.
#pragma once

#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tools/play/results.h"

namespace ieum::play {

// The results in the shape of expected.json.
nlohmann::json Observed(const Results& results);

// "reminders.VISIT-D-3.released: expected 60, came 59", one for each value that differs, is missing
// or came unexpectedly.
std::vector<std::string> Differences(const nlohmann::json& expected,
                                     const nlohmann::json& observed);

// Everything that is not as it must be, whatever the scenario: figures that their events do not
// explain, reminders and messages that do not add up, mails that are not what was handed over.
std::vector<std::string> Contradictions(const Results& results);

// Single values of a file of expectations.
int CountValues(const nlohmann::json& json);

}  // namespace ieum::play
