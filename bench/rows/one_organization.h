// A single command through the registry's door.
#pragma once

#include <string>

#include "bench/harness/suite.h"

namespace ieum::bench {

// The name of the new organization; dies when the registry refuses.
std::string MakeOrganization(Suite& suite, const std::string& process = "registry");

}  // namespace ieum::bench
