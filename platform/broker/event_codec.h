// A ledger event as a message and back: CloudEvents 1.0 attributes as headers (binary mode, lower
// case, percent-encoded), the payload as it stands in the ledger. Pure.
//
//   ce-specversion ce-id ce-source ce-type ce-subject ce-time ce-datacontenttype ce-dataschema
//   ce-sequence ce-partitionkey ce-correlationid ce-causationid ce-authtype ce-authid
//   ce-traceparent, traceparent, and what the ledger and the relay add: Ev-Pos Ev-Version Ev-Epoch
//   Ev-Term Ev-Inc Ev-Required. Empty attributes are left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/broker/message.h"

namespace ieum::broker {

// What the relay says about its publishing.
struct Origin {
  std::string service;      // producer
  int64_t epoch = 0;        // of the ledger
  int64_t term = 0;         // of the relay's leadership
  int64_t incarnation = 0;  // raised each time that the broker was found to have lost something
};

// The message's own id, and what must directly precede it in the stream: a sequence or an id,
// nothing when both are empty.
struct Chain {
  std::string message_id;
  std::optional<uint64_t> last_seq;
  std::string last_message_id;
};

struct DecodedEvent {
  Origin origin;
  platform::v1::LedgerEvent event;
};

// "registry.1.7.123.5-1f0c": what the stream knows a message by. The last word names the
// publisher's run. Without it two publishers at once would know each other's messages as their own:
// one whose message was refused would find the chain whole again further on, where the other has
// stored what it also sends, and leave a hole.
std::string MessageId(std::string_view service, int64_t epoch, int shard, int64_t pos,
                      std::string_view run);

Message EncodeEvent(const platform::v1::LedgerEvent& event, const Origin& origin,
                    const Chain& chain);

// INVALID_ARGUMENT when it is not such a message.
absl::StatusOr<DecodedEvent> DecodeEvent(Message message);

// Percent-encoding of a header value as CloudEvents wants it: space, `"`, `%` and everything
// outside U+0021–U+007E, as UTF-8 bytes.
std::string PercentEncode(std::string_view value);
// nullopt when the escapes or the UTF-8 behind them are broken. Decodes exactly once.
std::optional<std::string> PercentDecode(std::string_view value);

}  // namespace ieum::broker
