// What is to be done with an event that has arrived.
#pragma once

#include "platform/flow/subscriptions.h"
#include "platform/ledger/ledger.h"

namespace ieum::flow {

struct Task {
  enum class Kind {
    kSkip,   // nobody listens: only the position moves
    kSink,   // goes to a sink, in company
    kReact,  // goes to a reaction, alone
    kPark,   // cannot be applied whatever is tried; `refusal` says why
  };
  Kind kind = Kind::kSkip;
  const Subscriptions::Effect* effect = nullptr;  // of kSink and kReact
  const char* refusal = "";                       // a stable word, of kPark
};

// Finds the effect and reads the payload into `event->message` when there is one.
Task TaskFor(const Subscriptions& subscriptions, ReceivedEvent* event);

// Applies one run of events with this effect inside the caller's transaction; a reaction's run is
// one event. `appended` is set when events were appended to our own ledger.
absl::Status ApplyTask(const Task& task, ledger::Ledger& ledger, db::Tx& tx,
                       absl::Span<const ReceivedEvent> run, bool* appended);

}  // namespace ieum::flow
