// What libnats and JetStream answer, as a status. Only .cc files of this folder include it.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "platform/broker/nats_handles.h"

namespace ieum::broker {

// OK for NATS_OK. NOT_FOUND: no such stream, consumer or message. INTERNAL: a mistake of ours or an
// answer that cannot be understood. Everything else passes by itself: UNAVAILABLE.
absl::Status FromNats(natsStatus status, std::string_view doing,
                      jsErrCode code = static_cast<jsErrCode>(0));

}  // namespace ieum::broker
