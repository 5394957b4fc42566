// Instants between the wire and the clock.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"

namespace ieum::registry {

// As the database keeps it.
inline absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return base::StoredInstant(timestamp);
}
using base::ToTimestamp;

// When a caller looks back to; null and nullopt: he does not. INVALID_FIELD blaming `read_time` for
// an instant after `now`.
absl::StatusOr<std::optional<absl::Time>> InstantAsked(const google::protobuf::Timestamp* read_time,
                                                       absl::Time now);
// For requests with `read_time`; who asks for none need not know what time it is.
template <class Request>
absl::StatusOr<std::optional<absl::Time>> InstantAskedBy(const Request& request,
                                                         base::Clock& clock) {
  if (!request.has_read_time()) return std::nullopt;
  ASSIGN_OR_RETURN(const absl::Time now, clock.Now());
  return InstantAsked(&request.read_time(), now);
}

}  // namespace ieum::registry
