// Whether everything has happened that follows from what was done so far. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/platform/v1/ops.pb.h"

namespace ieum::play {

// What still has to happen somewhere.
struct Missing {
  std::string service;  // "" = nothing: settled
  std::string words;    // "registry has taken 4 of 5 events of casemgmt"
};

// Nothing, when each consumer is at its producer's last position and nothing due is left.
// FAILED_PRECONDITION when it cannot become settled, because an event could not be applied.
//
// `services` are asked one after the other, those that call others before whom they call. When this
// reading is settled, so were all services from the first answer on: whatever appends after its own
// answer was moved by an event that it had not consumed yet, and the producer of the first such
// event would have shown a position ahead of its consumer's.
absl::StatusOr<Missing> WhatIsMissing(const std::vector<platform::v1::Progress>& services);

// Events in the ledgers of all.
int64_t EventsOf(const std::vector<platform::v1::Progress>& services);

}  // namespace ieum::play
