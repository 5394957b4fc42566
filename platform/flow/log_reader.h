// Reading a producer's ledger over its ReadLog RPC: hole repair and rebuilds. The function is given
// by the runtime, so that this floor knows no transport.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "ieum/platform/v1/ops.pb.h"

namespace ieum::flow {

// Blocking; UNAVAILABLE when the producer does not answer. Thread-safe.
using LogReader = std::function<absl::StatusOr<platform::v1::ReadLogResponse>(
    const std::string& producer, int shard, int64_t from, int max_events)>;

}  // namespace ieum::flow
