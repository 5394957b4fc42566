// Reading a stream by request: an ephemeral consumer without acknowledgements, whose state lives in
// the broker's memory. Nothing that it forgets matters, because the reader's position stands in its
// own database. The library's Fetch is not used (it can write past its array in this version).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/broker/connection.h"
#include "platform/broker/event_codec.h"

namespace ieum::broker {

// An abandoned consumer is removed by the broker after this long.
inline constexpr absl::Duration kConsumerInactive = absl::Seconds(30);

// Where to begin.
struct PullStart {
  enum class Kind { kAll, kSequence, kTime };
  Kind kind = Kind::kAll;
  uint64_t seq = 0;
  absl::Time time;
};

struct PullRequest {
  int batch = 0;
  int64_t max_bytes = 0;
  absl::Duration expires;
  absl::Duration heartbeat;
};

// What came in answer to a request.
struct Delivery {
  enum class Kind {
    kMessage,
    kHeartbeat,  // nothing yet
    kEnd,        // this request gets no more
    kGone,       // the consumer is not there any more: open anew
  };
  Kind kind = Kind::kGone;
  uint64_t request = 0;               // number of the request, of kHeartbeat and kEnd
  Message message;                    // of kMessage, unless events are read
  std::optional<DecodedEvent> event;  // of kMessage where events are read; none = it is no event
  uint64_t seq = 0;                   // in the stream
  uint64_t pending = 0;               // messages of the stream behind this one
};

// Calls by one thread at a time. The connection must outlive it.
class Puller {
 public:
  // What becomes of a message: it is handed on as it is, or read as an event, which costs less than
  // one after the other.
  enum class Read { kMessages, kEvents };
  // Makes the consumer. `handler` runs on a thread of the library and must not block.
  // `pending` gets the number of messages that wait.
  static absl::StatusOr<std::unique_ptr<Puller>> Open(
      Connection& connection, std::string_view service, const PullStart& start,
      std::function<void(Delivery)> handler, uint64_t* pending, Read read = Read::kMessages);
  // Ends the consumer; the handler does not run afterwards.
  ~Puller();

  // Asks for messages; returns the request's number, from 1.
  absl::StatusOr<uint64_t> Ask(const PullRequest& request);

 private:
  Puller(Connection& connection, std::string service, std::function<void(Delivery)> handler,
         Read read);
  absl::Status MakeConsumer(const PullStart& start, uint64_t* pending);

  Connection& connection_;
  const std::string service_, stream_;
  const std::function<void(Delivery)> handler_;
  const Read read_;
  std::string route_;  // where messages and statuses come in
  std::string consumer_;
  uint64_t requests_ = 0;
};

}  // namespace ieum::broker
