// Instants on their way to the wire. Microseconds, as the database keeps them.
#pragma once

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace ieum::notify {

google::protobuf::Timestamp ToWire(absl::Time instant);

}  // namespace ieum::notify
