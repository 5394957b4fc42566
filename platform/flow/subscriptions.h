// What a service listens to: one line per event in its `reactions.cc`.
//
// Two kinds of effect:
//   React — decides. Calls a use case; one event, one transaction; may append events of its own.
//   Sink  — keeps columns or facts. Gets a run of events (up to 256) in one transaction; the result
//           must not depend on the order of events of different aggregates.
// Either way the consumer's position moves in the same transaction, so an effect happens once.
// Returning an error: transient ones (db::IsTransient) stop the shard and are tried again for ever;
// any other one is tried 3 times and then parks the aggregate (dead letter).
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "google/protobuf/message.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"
#include "platform/ledger/unit_of_work.h"

namespace ieum::flow {

// One event as it arrived. `envelope.payload` parses as `message`'s type.
struct ReceivedEvent {
  std::string producer;
  int64_t epoch = 0;
  platform::v1::LedgerEvent envelope;
  std::shared_ptr<const google::protobuf::Message> message;  // null for an unknown type

  template <class E>
  const E& As() const {
    return static_cast<const E&>(*message);
  }
  template <class E>
  bool Is() const {
    return envelope.type() == E::descriptor()->full_name();
  }
  base::Uuid aggregate_id() const { return *base::Uuid::Parse(envelope.aggregate_id()); }
  absl::Time time() const;  // business time of the event
};

using Reaction = std::function<absl::Status(ledger::UnitOfWork&, const ReceivedEvent&)>;
using BatchSink = std::function<absl::Status(db::Tx&, absl::Span<const ReceivedEvent>)>;

// A producer's ledger came back from a backup without its end.
struct Rewind {
  std::string producer;
  int64_t epoch = 0;  // that began with it
  // Last position of each shard that is still there; what stands behind it has never happened.
  std::array<int64_t, base::Uuid::kShards> kept{};
};
using Undo = std::function<absl::Status(db::Tx&, const Rewind&)>;

// Filled at start, then read-only.
class Subscriptions {
 public:
  // Typed reaction: subs.React<registry::v1::EnrolmentConfirmed>([&](auto& work, const auto& e,
  // const ReceivedEvent& received) {...}). The producer follows from the type's package.
  template <class E, class F>
  void React(F reaction) {
    AddReaction(E::descriptor(),
                [reaction](ledger::UnitOfWork& work, const ReceivedEvent& received) {
                  return reaction(work, received.As<E>(), received);
                });
  }
  // One sink for several types; the run it gets holds only these, in shard order.
  template <class... E>
  void Sink(BatchSink sink) {
    AddSink({E::descriptor()...}, std::move(sink));
  }
  // All known event types of a producer's contract (messages with the `event` option).
  void SinkAll(const google::protobuf::FileDescriptor* events_file, BatchSink sink);
  void ReactAll(const google::protobuf::FileDescriptor* events_file, Reaction reaction);

  // Takes back what effects of vanished events have left, in the transaction that moves this
  // service's positions back. Without it they stay, and events are applied on top of them.
  void OnRewind(Undo undo) { undo_ = std::move(undo); }
  const Undo& undo() const { return undo_; }

  void AddReaction(const google::protobuf::Descriptor* type, Reaction reaction);
  void AddSink(std::vector<const google::protobuf::Descriptor*> types, BatchSink sink);

  // At most one effect per type; a second one stops the process at start. nullptr = not listened
  // to.
  struct Effect {
    const google::protobuf::Descriptor* type = nullptr;
    Reaction reaction;                // or
    std::shared_ptr<BatchSink> sink;  // types of one sink share the pointer
  };
  const Effect* Find(const std::string& type) const;
  // Producers listened to: "registry", …
  std::vector<std::string> producers() const;

 private:
  void Add(Effect effect);
  std::map<std::string, Effect> effects_;
  Undo undo_;
};

// "registry" of "ieum.registry.v1.EnrolmentConfirmed".
std::string ProducerOf(std::string_view type);

}  // namespace ieum::flow
