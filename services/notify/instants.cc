#include "services/notify/instants.h"

namespace ieum::notify {

google::protobuf::Timestamp ToWire(absl::Time instant) {
  const int64_t micros = absl::ToUnixMicros(instant);
  const int64_t seconds = absl::ToUnixSeconds(instant);
  google::protobuf::Timestamp wire;
  wire.set_seconds(seconds);
  wire.set_nanos(static_cast<int32_t>((micros - seconds * 1'000'000) * 1'000));
  return wire;
}

}  // namespace ieum::notify
