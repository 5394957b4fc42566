#include "services/registry/instants.h"

#include <algorithm>

#include "platform/base/status.h"

namespace ieum::registry {

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Trunc(absl::Nanoseconds(timestamp.nanos()), absl::Microseconds(1));
}

google::protobuf::Timestamp ToTimestamp(absl::Time instant) {
  google::protobuf::Timestamp timestamp;
  const int64_t seconds = absl::ToUnixSeconds(instant);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(
      static_cast<int>(absl::ToInt64Nanoseconds(instant - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

absl::StatusOr<std::optional<absl::Time>> InstantAsked(const google::protobuf::Timestamp* read_time,
                                                       absl::Time now) {
  if (read_time == nullptr) return std::nullopt;
  const absl::Time instant = std::max(FromTimestamp(*read_time), absl::UnixEpoch());
  if (instant <= now) return instant;
  return base::InvalidField("INVALID_FIELD", "read_time", "must not lie in the future");
}

}  // namespace ieum::registry
