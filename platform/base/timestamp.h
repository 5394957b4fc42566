// Instants on their way into messages of a contract, and out of them. Pure; the only place that
// does it: a conversion that is wrong before 1970 or loses what is below a second is seen late.
#pragma once

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace ieum::base {

// To the nanosecond; of what is finer the part that lies further back stands.
google::protobuf::Timestamp ToTimestamp(absl::Time instant);
// Exactly what the message says.
absl::Time InstantOf(const google::protobuf::Timestamp& timestamp);
// Cut to the microseconds that the database keeps, so that what was read and what was written are
// the same instant.
absl::Time StoredInstant(const google::protobuf::Timestamp& timestamp);

}  // namespace ieum::base
