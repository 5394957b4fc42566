// A stream from its oldest message to the one that was last when the reading began.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "platform/broker/stream.h"

namespace ieum::audit {

// Calls `each` for every message in stream order and returns what the stream was like before.
// NOT_FOUND when there is no such stream, UNAVAILABLE when the broker stops answering.
absl::StatusOr<broker::StreamState> EachMessage(
    broker::Connection& connection, std::string_view service,
    absl::FunctionRef<absl::Status(uint64_t seq, const broker::Message&)> each);

}  // namespace ieum::audit
