// SIGTERM and SIGINT as something to wait for. Blocked in every thread; taken by the main one.
#pragma once

#include "absl/time/time.h"

namespace ieum::runtime {

// Called in main before any thread is started.
void BlockStopSignals();
// True when a stop signal came within `limit`; false otherwise. A signal once taken stays taken:
// later calls answer true at once.
bool WaitForStop(absl::Duration limit);

}  // namespace ieum::runtime
