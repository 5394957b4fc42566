// What is to be done with an event that has arrived, and how it is done.
#pragma once

#include <vector>

#include "platform/flow/subscriptions.h"
#include "platform/ledger/ledger.h"

namespace ieum::flow {

struct Task {
  enum class Kind {
    kSkip,   // nobody listens, or nobody wants it: only the position moves
    kSink,   // goes to a sink
    kReact,  // goes to a reaction
    kPark,   // cannot be applied whatever is tried; `refusal` says why
  };
  Kind kind = Kind::kSkip;
  const Subscriptions::Effect* effect = nullptr;  // of kSink and kReact
  const char* refusal = "";                       // a stable word, of kPark
};

// Events behind each other whose effects are made together: of one sink, or of reactions with one
// glance.
inline bool SameRun(const Task& task, const Task& other) {
  return task.kind == other.kind && task.effect != nullptr && other.effect != nullptr &&
         task.effect->sink == other.effect->sink && task.effect->glance == other.effect->glance;
}

// Finds the effect and reads the payload into `event->message` when there is one.
Task TaskFor(const Subscriptions& subscriptions, ReceivedEvent* event);

// Makes the effects of events inside the caller's transaction, run after run in their order.
// Reactions are units of one batch: what they lock is locked in one order, before the first effect,
// as far as it can be known, and the events that they append are written in the end; with the last
// of them the transaction has only to be committed. `appended`: there are such events.
absl::Status ApplyAll(absl::Span<const Task> tasks, absl::Span<const ReceivedEvent> events,
                      ledger::Ledger& ledger, db::Tx& tx, bool* appended);

}  // namespace ieum::flow
