// What a service listens to: one line per event in its `reactions.cc`.
//
// Two kinds of effect:
//   React — decides. Calls a use case, one unit of work an event; may append events of its own.
//           Up to 64 stand in one transaction with their neighbours, in the order of their shard:
//           each sees what those before it wrote, and holds its locks until all have committed.
//   Sink  — keeps columns or facts. Gets a run of events (up to 256) in one transaction; the result
//           must not depend on the order of events of different aggregates.
// Either way the consumer's position moves in the same transaction, so an effect happens once.
// What does not concern this service is best said early: ReactIf looks at the event alone, before
// any transaction; a Glance looks into the database, once for a run of events.
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
  // `traceparent` of its effect here, a child of the envelope's; empty while it is not traced.
  std::string effect_traceparent;

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
// Whether an event's own words concern this service. Pure: the same for ever, whoever asks.
using Wanted = std::function<bool(const ReceivedEvent&)>;
// Asked once for a run of events before their reactions, inside their transaction; one answer an
// event, false = its reaction is not called. For what is data and may change at any time, such as
// rules. It may also lock, in one order, what the reactions of the run are going to lock.
using Glance =
    std::function<absl::StatusOr<std::vector<bool>>(db::Tx&, absl::Span<const ReceivedEvent>)>;

// A producer's ledger came back from a backup without its end.
struct Rewind {
  std::string producer;
  int64_t epoch = 0;  // that began with it
  // Last position of each shard that is still there; what stands behind it has never happened.
  std::array<int64_t, base::Uuid::kShards> kept{};
};
using Undo = std::function<absl::Status(db::Tx&, const Rewind&)>;

// Sees an event beside its effect, and first, in the transaction of that effect. For what a service
// keeps of another's events whatever it does with them otherwise.
using Observer = std::function<absl::Status(db::Tx&, const ReceivedEvent&)>;

// Filled at start, then read-only.
class Subscriptions {
 public:
  // Typed reaction: subs.React<registry::v1::EnrolmentConfirmed>([&](auto& work, const auto& e,
  // const ReceivedEvent& received) {...}). The producer follows from the type's package.
  template <class E, class F>
  void React(F reaction) {
    AddReaction(E::descriptor(), Typed<E>(std::move(reaction)));
  }
  // The same for events of which `wanted(const E&)` says yes; the position alone moves over others.
  template <class E, class W, class F>
  void ReactIf(W wanted, F reaction) {
    AddReaction(E::descriptor(), Typed<E>(std::move(reaction)),
                [wanted](const ReceivedEvent& received) { return wanted(received.As<E>()); });
  }
  // One sink for several types; the run it gets holds only these, in shard order.
  template <class... E>
  void Sink(BatchSink sink) {
    AddSink({E::descriptor()...}, std::move(sink));
  }
  // All known event types of a producer's contract (messages with the `event` option).
  void SinkAll(const google::protobuf::FileDescriptor* events_file, BatchSink sink);
  void ReactAll(const google::protobuf::FileDescriptor* events_file, Reaction reaction,
                Glance glance = nullptr);

  // One observer a type, with an effect of that type or without.
  template <class E>
  void Observe(Observer observer) {
    AddObserver(E::descriptor(), std::move(observer));
  }

  // Takes back what effects of vanished events have left, in the transaction that moves this
  // service's positions back. Without it they stay, and events are applied on top of them. Each one
  // that is given is called, in their order.
  void OnRewind(Undo undo);
  const Undo& undo() const { return undo_; }

  void AddReaction(const google::protobuf::Descriptor* type, Reaction reaction,
                   Wanted wanted = nullptr);
  void AddSink(std::vector<const google::protobuf::Descriptor*> types, BatchSink sink);
  void AddObserver(const google::protobuf::Descriptor* type, Observer observer);

  // At most one effect per type; a second one stops the process at start. nullptr = not listened
  // to.
  struct Effect {
    const google::protobuf::Descriptor* type = nullptr;
    Reaction reaction;                // or
    std::shared_ptr<BatchSink> sink;  // types of one sink share the pointer
    Wanted wanted;                    // of a reaction; may be empty
    std::shared_ptr<Glance> glance;   // of a reaction; null = none; shared like a sink
  };
  const Effect* Find(const std::string& type) const;
  // Producers listened to: "registry", …
  std::vector<std::string> producers() const;

 private:
  template <class E, class F>
  static Reaction Typed(F reaction) {
    return [reaction](ledger::UnitOfWork& work, const ReceivedEvent& received) {
      return reaction(work, received.As<E>(), received);
    };
  }
  void Add(Effect effect);
  std::map<std::string, Effect> effects_;
  std::map<std::string, Observer> observers_;  // of types that have no effect of their own yet
  Undo undo_;
};

// "registry" of "ieum.registry.v1.EnrolmentConfirmed".
std::string ProducerOf(std::string_view type);

}  // namespace ieum::flow
