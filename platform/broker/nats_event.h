// Events as the library's own messages and back, without plain values in between: the way of
// everything that is published and pulled. For the .cc files of this folder.
#pragma once

#include "absl/status/statusor.h"
#include "platform/broker/event_codec.h"
#include "platform/broker/nats_handles.h"

namespace ieum::broker {

// As EncodeEvent; `reply`: where the answer goes.
absl::StatusOr<MessageHandle> EncodeNatsEvent(const platform::v1::LedgerEvent& event,
                                              const Origin& origin, const Chain& chain,
                                              const std::string& reply);
// As DecodeEvent.
absl::StatusOr<DecodedEvent> DecodeNatsEvent(natsMsg* message);

}  // namespace ieum::broker
