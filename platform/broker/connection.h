// One connection to the broker. It is made in the background and made again for ever, so a process
// starts and recovers without the broker being there. Nothing is kept for later while it is down:
// what cannot be sent now fails now, because a message that comes out of a buffer after a reconnect
// is a ghost.
//
// The files by which the broker knows us are read again when the connection has to be made again:
// a new seed or certificate counts from then on, without a restart.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/broker/access.h"
#include "platform/broker/message.h"

namespace ieum::broker {

inline constexpr absl::Duration kPingInterval = absl::Seconds(5);
inline constexpr int kPingsUnanswered = 2;  // then the connection counts as lost
inline constexpr absl::Duration kConnectTimeout = absl::Seconds(2);
inline constexpr absl::Duration kReconnectWait = absl::Milliseconds(100);
inline constexpr absl::Duration kReconnectJitter = absl::Milliseconds(50);
// While it is down: how often the files are looked at. A broker that refused us is asked again as
// soon as they are others, and with the same ones less and less often.
inline constexpr absl::Duration kMendInterval = absl::Milliseconds(500);
inline constexpr absl::Duration kMendIntervalMax = absl::Seconds(5);
inline constexpr absl::Duration kApiTimeout = absl::Seconds(2);  // of one JetStream question

struct ConnectionOptions {
  std::string url;   // "nats://127.0.0.1:4222"
  std::string name;  // shown by the broker: "relay"
  // True: every message is written at once by the caller; false: a thread of the library gathers
  // them for up to a millisecond, which pays for many small publishes.
  bool send_at_once = true;
  // After each change of connected(), on a thread of the library; must not block.
  std::function<void()> on_change;
  Access access;
};

class Inbox;

// Listens until it is destroyed; the handler does not run afterwards. Not to be destroyed by its
// handler, nor after its connection.
class Subscription {
 public:
  using Handler = std::function<void(const Message&)>;
  ~Subscription();
  struct Impl;
  explicit Subscription(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

// Thread-safe. Outlives what was made on it.
class Connection {
 public:
  // INVALID_ARGUMENT when the URL or a file of `access` cannot be read; a broker that is absent or
  // refuses us is no error.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(ConnectionOptions options);
  ~Connection();

  bool connected() const;
  // Grows with every loss and every making of the connection: equal numbers mean that nothing
  // happened in between.
  uint64_t generation() const;

  // UNAVAILABLE when it cannot be sent now. OK promises nothing about arrival.
  absl::Status Publish(const Message& message);

  // `handler` runs on the subscription's own thread. Lives on across reconnects. For subjects that
  // are listened to as long as the process runs: the broker goes on sending until the connection
  // is closed.
  absl::StatusOr<std::unique_ptr<Subscription>> Subscribe(const std::string& subject,
                                                          Subscription::Handler handler);

  struct Impl;  // for this folder
  Impl& impl() { return *impl_; }

 private:
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ieum::broker
