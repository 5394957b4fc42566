// Publishing into a stream without waiting: answers come into a queue and are taken from there.
//
// The library's own asynchronous publish is not used. Its pending list, its stall of 200 ms and its
// timers would be a second state machine beside the relay's; here a publish is a message with a
// reply subject of ours, and giving up everything in flight is a new number in that subject.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/broker/connection.h"
#include "platform/broker/event_codec.h"

namespace ieum::broker {

// What the broker said about one publish.
struct PublishAnswer {
  enum class Kind {
    kStored,     // stored at `seq`, or known already and stored at `seq` (`duplicate`)
    kWrongLast,  // the stream does not end where the publisher thinks
    kRefused,    // anything else: no stream, too large, storage trouble
  };
  uint64_t token = 0;
  Kind kind = Kind::kRefused;
  uint64_t seq = 0;
  bool duplicate = false;
  std::string error;  // for the log
};

// Reads the body of an answer; `token` is left to the caller. Pure.
PublishAnswer ParsePublishAnswer(const Message& answer);
// The same for the answer that nearly all are: stored, and not known before. nullopt for any other.
std::optional<PublishAnswer> ParsePlainAnswer(std::string_view body);

// Thread-safe. The connection must outlive it.
class Publisher {
 public:
  // `on_answer` is told on a thread of the library when answers are there; must not block.
  Publisher(Connection& connection, std::function<void()> on_answer);

  ~Publisher();

  // UNAVAILABLE when it cannot be sent now. `token` comes back with the answer; an answer may never
  // come. Sets the message's reply subject.
  absl::Status Publish(uint64_t token, Message* message);
  // The same for the message that EncodeEvent makes.
  absl::Status PublishEvent(uint64_t token, const platform::v1::LedgerEvent& event,
                            const Origin& origin, const Chain& chain);
  // The answers that came since the last call, in the order in which they came.
  std::vector<PublishAnswer> TakeAnswers();
  // Answers to what was published before are not told any more.
  void Forget();

 private:
  std::string ReplyFor(uint64_t token);
  // `subject`: where the answer came in; false when it is not one of this round.
  bool ReadToken(std::string_view subject, uint64_t* round, uint64_t* token) const;
  void Take(uint64_t round, PublishAnswer answer);

  Connection& connection_;
  const std::function<void()> on_answer_;
  std::mutex mutex_;
  uint64_t round_ = 0;  // publishes of earlier rounds are forgotten
  std::vector<PublishAnswer> answers_;
  std::string route_;  // where answers come in
};

}  // namespace ieum::broker
