// A restart as an operator does it.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "tests/faults/world.h"

namespace ieum::faults {

// SIGTERM; it must end by itself within 5 s with 0, and be ready again.
absl::Status RestartGracefully(World& world, const std::string& service);

}  // namespace ieum::faults
