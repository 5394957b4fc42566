// Whether the services' logs hold nothing but what the services themselves have said.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace ieum::faults {

// Every line of every service's log in this folder is one JSON object, and none was forged. A line
// that a kill tore is none of these: it has the beginning of one, and the next process's first line
// stands right behind it. DATA_LOSS names the line and its shape (letters as a and A, digits as 9),
// never its words.
absl::Status CheckLogs(const std::string& folder);

}  // namespace ieum::faults
