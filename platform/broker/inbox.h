// Everything that is sent to this connection alone comes in through one subscription and is passed
// on from here: answers to publishes, statuses of pull requests, and what a pull brings. So opening
// and closing a pull makes and ends no subscription. For the .cc files of this folder.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "platform/broker/connection.h"
#include "platform/broker/nats_handles.h"

namespace ieum::broker {

// What the reply subject of a stream's message says of it.
struct StreamPlace {
  std::string_view consumer;
  uint64_t seq = 0;      // in the stream
  uint64_t pending = 0;  // messages of the stream behind this one
};
// nullopt when it is not one. `reply` must outlive the result. Pure.
std::optional<StreamPlace> ParseStreamPlace(std::string_view reply);

// Thread-safe.
class Inbox {
 public:
  using Handler = std::function<void(natsMsg*)>;

  Inbox();
  absl::Status Open(Connection::Impl& connection);

  // A subject below which answers come to `handler`, which runs on the inbox's thread and must not
  // block.
  std::string AddRoute(Handler handler);
  // Messages that this consumer brings take the same route.
  void AddConsumer(const std::string& route, const std::string& consumer);
  // The handler does not run afterwards.
  void RemoveRoute(const std::string& route);

 private:
  void Receive(natsMsg* message);

  const std::string subject_;
  std::mutex mutex_;  // held while a handler runs
  uint64_t routes_made_ = 0;
  std::map<std::string, Handler, std::less<>> routes_;
  std::map<std::string, std::string, std::less<>> consumers_;  // name → route
  std::unique_ptr<Subscription> subscription_;
};

}  // namespace ieum::broker
