// Inside of a connection, for the .cc files of this folder.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "platform/broker/connection.h"
#include "platform/broker/inbox.h"
#include "platform/broker/nats_handles.h"

namespace ieum::broker {

// What its owner made, and what survives the link that it is heard through.
struct Subscription::Impl {
  std::string subject;
  std::function<void(natsMsg*)> handler;
  std::mutex mutex;    // of ended, and held while the handler runs
  bool ended = false;  // the owner has gone: messages that still come are dropped
};

// One connection of the library, with the files as they were when it was made. It goes on by itself
// through losses of the broker; another one takes its place when those files have changed, or when
// the library gave up because the broker refused us.
struct Link {
  // A subscription of the library stays until its connection is closed: in this version the reading
  // thread may crash on a message for one that is just being destroyed.
  struct Ear {
    std::shared_ptr<Subscription::Impl> subscription;
    std::promise<void> complete;  // kept when the library will make no more calls
    SubscriptionHandle handle;
  };

  explicit Link(Connection::Impl& of) : owner(of) {}
  // The caller holds the owner's link_mutex.
  absl::Status Listen(std::shared_ptr<Subscription::Impl> subscription);
  bool up() const;
  // Closes, and waits until the library makes no more calls; false when it does not come to an end.
  bool Close();

  Connection::Impl& owner;
  Shown shown;
  std::atomic<bool> retired{false};  // nobody is told any more
  std::atomic<bool> gave_up{false};  // the library closed it
  std::promise<void> closed;         // kept by the last callback that the library makes
  std::vector<std::unique_ptr<Ear>> ears;
  ConnectionHandle handle;
  JetStreamHandle js;
};

struct Connection::Impl {
  explicit Impl(ConnectionOptions given) : options(std::move(given)) {}
  // What is asked of it keeps it until the answer is there.
  std::shared_ptr<Link> link() const;
  // Nothing is handed out unless it is OK.
  absl::Status MakeLink(std::shared_ptr<Link>* made, Shown shown);
  // Another link in the place of this one, when that may help.
  void Mend();
  // Whether a broker that refused these very files is left alone for now.
  bool LeaveAlone(bool same_files);
  // Lets `made` take the place of `old`, which is not up; the one of the two that is not used.
  std::shared_ptr<Link> Replace(const std::shared_ptr<Link>& old, std::shared_ptr<Link> made,
                                absl::Status* status);
  void Watch();  // the watcher's life
  void Changed();
  // A warning that may come again and again: the same one only when the connection was up since.
  void Complain(std::string_view what, std::string_view reason);
  bool Close();

  const ConnectionOptions options;
  std::mutex mutex;                  // held while the owner is told
  std::atomic<bool> closing{false};  // the owner goes: it is not told any more
  std::atomic<uint64_t> generation{0};
  mutable std::mutex link_mutex;  // of the next three
  std::shared_ptr<Link> current;
  std::vector<std::shared_ptr<Subscription::Impl>> subscriptions;
  std::unique_ptr<Link::Ear> unheard;  // see Link::Listen
  std::unique_ptr<Inbox> inbox;
  std::mutex watch_mutex;            // of the next two
  std::condition_variable watch;     // something changed
  std::set<std::string> complained;  // since it was up
  // The watcher's own: when a broker that refuses us is asked again, and how long after that.
  std::chrono::steady_clock::time_point ask_again;
  absl::Duration pause = kMendInterval;
  std::thread watcher;
};

// What JetStream is asked about a service's stream begins with this, without a dot at its end.
std::string ApiPrefix(Connection::Impl& connection, std::string_view service);

// The same for the library's own questions; it must outlive the call.
struct ApiOptions {
  ApiOptions(Connection& connection, std::string_view service);
  std::string prefix;
  jsOptions options;
};

// The library's message as values, and the other way.
Message FromNatsMessage(natsMsg* message);
absl::StatusOr<MessageHandle> ToNatsMessage(const Message& message);

// A subscription whose handler sees the library's own message.
absl::StatusOr<std::unique_ptr<Subscription>> SubscribeRaw(Connection::Impl& connection,
                                                           const std::string& subject,
                                                           std::function<void(natsMsg*)> handler);

}  // namespace ieum::broker
