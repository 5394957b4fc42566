// The hash by which an auditor compares what a producer wrote with what a consumer took.
#pragma once

#include <cstdint>

#include "ieum/platform/v1/ops.pb.h"

namespace ieum::flow {

// The running hash is kept at positions that are multiples of this, so a difference is located.
inline constexpr int64_t kCheckEvery = 1000;

// SipHash-2-4 with a fixed key over event id and payload. A shard's running hash at a position is
// the XOR of these over all positions up to it.
uint64_t EventHash(const platform::v1::LedgerEvent& event);

}  // namespace ieum::flow
