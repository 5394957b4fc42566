// Instants between the wire and the clock. Microseconds, as the database keeps them.
#pragma once

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace ieum::registry {

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp);
google::protobuf::Timestamp ToTimestamp(absl::Time instant);

}  // namespace ieum::registry
