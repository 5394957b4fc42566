#include "services/registry/instants.h"

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

}  // namespace ieum::registry
