// Inside of a connection, for the .cc files of this folder.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <vector>

#include "platform/broker/connection.h"
#include "platform/broker/inbox.h"
#include "platform/broker/nats_handles.h"

namespace ieum::broker {

// A subscription of the library stays until its connection is closed: in this version the reading
// thread may crash on a message for one that is just being destroyed.
struct Subscription::Impl {
  std::function<void(natsMsg*)> handler;
  std::mutex mutex;             // of ended, and held while the handler runs
  bool ended = false;           // the owner has gone: messages that still come are dropped
  std::promise<void> complete;  // kept when the library will make no more calls
  SubscriptionHandle handle;
};

struct Connection::Impl {
  explicit Impl(ConnectionOptions given) : options(std::move(given)) {}
  void Changed();
  // Waits until the library makes no more calls; false when it does not come to an end.
  bool Close();

  const ConnectionOptions options;
  std::mutex mutex;                  // of subscriptions; held while the owner is told
  std::atomic<bool> closing{false};  // the owner goes: it is not told any more
  std::atomic<uint64_t> generation{0};
  std::promise<void> closed;  // kept by the last callback that the library makes
  std::vector<std::shared_ptr<Subscription::Impl>> subscriptions;
  ConnectionHandle handle;
  JetStreamHandle js;
  std::unique_ptr<Inbox> inbox;
};

// The library's message as values, and the other way.
Message FromNatsMessage(natsMsg* message);
absl::StatusOr<MessageHandle> ToNatsMessage(const Message& message);

// A subscription whose handler sees the library's own message.
absl::StatusOr<std::unique_ptr<Subscription>> SubscribeRaw(Connection::Impl& connection,
                                                           const std::string& subject,
                                                           std::function<void(natsMsg*)> handler);

}  // namespace ieum::broker
