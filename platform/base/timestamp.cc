#include "platform/base/timestamp.h"

namespace ieum::base {

google::protobuf::Timestamp ToTimestamp(absl::Time instant) {
  google::protobuf::Timestamp timestamp;
  // Rounded down, so that the rest is never negative, which the contract asks for.
  const int64_t seconds = absl::ToUnixSeconds(instant);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(instant - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

absl::Time InstantOf(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

absl::Time StoredInstant(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Trunc(absl::Nanoseconds(timestamp.nanos()), absl::Microseconds(1));
}

}  // namespace ieum::base
