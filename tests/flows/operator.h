// `ieumctl` as an operator says it to a suite.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/flows/suite.h"

namespace ieum::testing {

struct Said {
  int code = -1;
  std::string out;              // standard output and error
  nlohmann::json Json() const;  // of what begins with the first brace or bracket
};

// `words` and, unless `bare`, `--suite` of this one.
Said Ieumctl(Suite& suite, std::vector<std::string> words, bool bare = false);
// The same in the background; what it says goes into `output_file`.
Process BeginIeumctl(Suite& suite, std::vector<std::string> words, const std::string& output_file);

}  // namespace ieum::testing
