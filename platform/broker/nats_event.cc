#include "platform/broker/nats_event.h"

#include <cstdlib>
#include <memory>

#include "platform/base/status.h"
#include "platform/broker/event_headers.h"
#include "platform/broker/nats_status.h"
#include "platform/broker/stream.h"

namespace ieum::broker {
namespace {

class NatsSink final : public HeaderSink {
 public:
  explicit NatsSink(natsMsg* message) : message_(message) {}
  void Add(const char* name, const std::string& value) override {
    if (status_ == NATS_OK) status_ = natsMsgHeader_Set(message_, name, value.c_str());
  }
  natsStatus status() const { return status_; }

 private:
  natsMsg* const message_;
  natsStatus status_ = NATS_OK;
};

// The array is ours, the names stay the message's.
struct FreeNames {
  void operator()(const char** names) const { std::free(static_cast<void*>(names)); }
};

}  // namespace

absl::StatusOr<MessageHandle> EncodeNatsEvent(const platform::v1::LedgerEvent& event,
                                              const Origin& origin, const Chain& chain,
                                              const std::string& reply) {
  natsMsg* raw = nullptr;
  RETURN_IF_ERROR(FromNats(
      natsMsg_Create(&raw, EventSubject(origin.service, event.shard()).c_str(), reply.c_str(),
                     event.payload().data(), static_cast<int>(event.payload().size())),
      "message"));
  MessageHandle message(raw);
  NatsSink sink(raw);
  WriteHeaders(event, origin, chain, sink);
  RETURN_IF_ERROR(FromNats(sink.status(), "header"));
  return message;
}

absl::StatusOr<DecodedEvent> DecodeNatsEvent(natsMsg* message) {
  DecodedEvent out = NothingDecoded();
  const char** raw = nullptr;
  int count = 0;
  if (natsMsgHeader_Keys(message, &raw, &count) != NATS_OK) {
    return absl::InvalidArgumentError("not an event of ours: no headers");
  }
  const std::unique_ptr<const char*, FreeNames> names(raw);
  for (int i = 0; i < count; ++i) {
    const char* value = nullptr;
    if (natsMsgHeader_Get(message, raw[i], &value) != NATS_OK || value == nullptr) continue;
    RETURN_IF_ERROR(ReadHeader(raw[i], value, &out));
  }
  RETURN_IF_ERROR(CheckIdentity(out.event));
  out.event.set_payload(natsMsg_GetData(message),
                        static_cast<size_t>(natsMsg_GetDataLength(message)));
  return out;
}

}  // namespace ieum::broker
