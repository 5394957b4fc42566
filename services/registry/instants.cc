#include "services/registry/instants.h"

#include <algorithm>

#include "platform/base/status.h"

namespace ieum::registry {

absl::StatusOr<std::optional<absl::Time>> InstantAsked(const google::protobuf::Timestamp* read_time,
                                                       absl::Time now) {
  if (read_time == nullptr) return std::nullopt;
  const absl::Time instant = std::max(FromTimestamp(*read_time), absl::UnixEpoch());
  if (instant <= now) return instant;
  return base::InvalidField("INVALID_FIELD", "read_time", "must not lie in the future");
}

}  // namespace ieum::registry
