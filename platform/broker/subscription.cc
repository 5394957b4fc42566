#include <cstdlib>
#include <mutex>

#include "platform/base/status.h"
#include "platform/broker/connection_impl.h"
#include "platform/broker/nats_status.h"
#include "platform/telemetry/log.h"

namespace ieum::broker {
Message FromNatsMessage(natsMsg* message) {
  Message out;
  out.subject = natsMsg_GetSubject(message);
  if (const char* reply = natsMsg_GetReply(message)) out.reply = reply;
  out.payload.assign(natsMsg_GetData(message), static_cast<size_t>(natsMsg_GetDataLength(message)));
  const char** keys = nullptr;
  int count = 0;
  if (natsMsgHeader_Keys(message, &keys, &count) != NATS_OK) return out;
  out.headers.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    const char* value = nullptr;
    if (natsMsgHeader_Get(message, keys[i], &value) == NATS_OK && value != nullptr) {
      out.headers.emplace_back(keys[i], value);
    }
  }
  std::free(keys);  // the array is ours, the names stay the message's
  return out;
}

absl::StatusOr<MessageHandle> ToNatsMessage(const Message& message) {
  natsMsg* raw = nullptr;
  RETURN_IF_ERROR(
      FromNats(natsMsg_Create(&raw, message.subject.c_str(),
                              message.reply.empty() ? nullptr : message.reply.c_str(),
                              message.payload.data(), static_cast<int>(message.payload.size())),
               "message"));
  MessageHandle handle(raw);
  for (const auto& [key, value] : message.headers) {
    RETURN_IF_ERROR(FromNats(natsMsgHeader_Set(raw, key.c_str(), value.c_str()), "header"));
  }
  return handle;
}

absl::StatusOr<std::unique_ptr<Subscription>> SubscribeRaw(Connection::Impl& connection,
                                                           const std::string& subject,
                                                           std::function<void(natsMsg*)> handler) {
  auto impl = std::make_shared<Subscription::Impl>();
  impl->subject = subject;
  impl->handler = std::move(handler);
  std::lock_guard<std::mutex> lock(connection.link_mutex);
  const absl::Status listens = connection.current->Listen(impl);
  // A link that the broker refused is replaced, and the next one listens.
  if (!listens.ok() && !natsConnection_IsClosed(connection.current->handle.get())) return listens;
  connection.subscriptions.push_back(impl);
  return std::make_unique<Subscription>(std::move(impl));
}

Subscription::Subscription(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Subscription::~Subscription() {
  std::lock_guard<std::mutex> lock(impl_->mutex);
  impl_->ended = true;
}

}  // namespace ieum::broker
