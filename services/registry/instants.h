// Instants between the wire and the clock. Microseconds, as the database keeps them.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "platform/base/clock.h"
#include "platform/base/status.h"

namespace ieum::registry {

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp);
google::protobuf::Timestamp ToTimestamp(absl::Time instant);

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
