#include <cstdlib>
#include <mutex>

#include "platform/base/status.h"
#include "platform/broker/connection_impl.h"
#include "platform/broker/nats_status.h"
#include "platform/telemetry/log.h"

namespace ieum::broker {
namespace {

void OnMessage(natsConnection*, natsSubscription*, natsMsg* message, void* closure) {
  const MessageHandle owned(message);
  auto* impl = static_cast<Subscription::Impl*>(closure);
  std::lock_guard<std::mutex> lock(impl->mutex);
  if (!impl->ended) impl->handler(message);
}

void OnComplete(void* closure) { static_cast<Subscription::Impl*>(closure)->complete.set_value(); }

}  // namespace

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
  impl->handler = std::move(handler);
  natsSubscription* raw = nullptr;
  RETURN_IF_ERROR(FromNats(natsConnection_Subscribe(&raw, connection.handle.get(), subject.c_str(),
                                                    OnMessage, impl.get()),
                           "subscribe"));
  impl->handle.reset(raw);
  const natsStatus s = natsSubscription_SetOnCompleteCB(raw, OnComplete, impl.get());
  {
    std::lock_guard<std::mutex> lock(connection.mutex);
    connection.subscriptions.push_back(impl);
  }
  auto subscription = std::make_unique<Subscription>(std::move(impl));
  RETURN_IF_ERROR(FromNats(s, "subscribe"));
  return subscription;
}

Subscription::Subscription(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Subscription::~Subscription() {
  std::lock_guard<std::mutex> lock(impl_->mutex);
  impl_->ended = true;
}

}  // namespace ieum::broker
