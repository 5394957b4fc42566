// A room of its own for a run: a network and mounts that nobody else sees, so that partitions and
// full disks hurt only this suite. Needs root, and a kernel that allows it.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace ieum::faults {

// Before the first thread and the first socket. Without it the run goes on as it is.
void EnterRoom();
// UNIMPLEMENTED with the reason when the process is not in a room of its own.
absl::Status InOwnRoom();

}  // namespace ieum::faults
