// What can be done in a scenario: one row for each word that may stand behind `do`.
#pragma once

#include <map>
#include <string>

#include "tools/play/call_shape.h"

namespace ieum::play {

// By `do`. The fields `at` and `do` themselves are no part of a row.
const std::map<std::string, CallShape>& Actions();

}  // namespace ieum::play
