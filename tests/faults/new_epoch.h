// What an operator does when a ledger and its stream have parted.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "tests/faults/world.h"

namespace ieum::faults {

// Whether its relay says that it publishes nothing before somebody declares a restore.
bool SaysStopped(World& world, const std::string& service);

// Stops the service, declares its new epoch, starts it and waits until consumers have gone over.
absl::Status DeclareNewEpoch(World& world, const std::string& service);

}  // namespace ieum::faults
