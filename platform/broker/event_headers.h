// An event's headers one by one, whatever kind of message they stand in. For the .cc files of this
// folder; pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "platform/broker/event_codec.h"

namespace ieum::broker {

class HeaderSink {
 public:
  virtual ~HeaderSink() = default;
  virtual void Add(const char* name, const std::string& value) = 0;
};

// All headers of the event, in their order.
void WriteHeaders(const platform::v1::LedgerEvent& event, const Origin& origin, const Chain& chain,
                  HeaderSink& sink);

// What is filled header by header; then CheckIdentity says whether it has what positions and
// effects rely on. INVALID_ARGUMENT for a header of ours that cannot be read; others are passed
// over.
DecodedEvent NothingDecoded();
absl::Status ReadHeader(std::string_view name, std::string_view value, DecodedEvent* out);
absl::Status CheckIdentity(const platform::v1::LedgerEvent& event);

}  // namespace ieum::broker
