// Inside of a connection, for the .cc files of this folder.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>

#include "platform/broker/connection.h"
#include "platform/broker/nats_handles.h"

namespace ieum::broker {

struct Connection::Impl {
  explicit Impl(ConnectionOptions given) : options(std::move(given)) {}
  void Changed() {
    ++generation;
    if (options.on_change) options.on_change();
  }

  const ConnectionOptions options;
  std::atomic<uint64_t> generation{0};
  std::promise<void> closed;  // kept by the last callback that the library makes
  ConnectionHandle handle;
  JetStreamHandle js;
};

// The library's message as values, and the other way.
Message FromNatsMessage(natsMsg* message);
absl::StatusOr<MessageHandle> ToNatsMessage(const Message& message);

// A subscription whose handler sees the library's own message.
using RawHandler = std::function<void(natsMsg*)>;
absl::StatusOr<std::unique_ptr<Subscription>> SubscribeRaw(Connection::Impl& connection,
                                                           const std::string& subject,
                                                           RawHandler handler);

}  // namespace ieum::broker
