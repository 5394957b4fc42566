// Who leads a service's relay.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/faults/world.h"

namespace ieum::faults {

// Which processes of the service say that they lead.
std::vector<std::string> Leaders(World& world, const std::string& service);

bool HasOneLeader(World& world, const std::string& service, absl::Duration within);

}  // namespace ieum::faults
