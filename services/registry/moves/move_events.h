// The events that moves append to themselves.
#pragma once

#include "platform/base/korea_time.h"
#include "platform/ledger/ledger.h"
#include "services/registry/moves/move.h"

namespace ieum::registry {

inline constexpr char kMoveKind[] = "move";

// `centre`: whose it is after the event, or who has to answer. `set`: what else the event says.
template <class Event, class Set>
ledger::Done TellOf(ledger::UnitOfWork& work, const Move& move, const std::string& centre,
                    Set set) {
  Event event;
  *event.mutable_move() = MoveFactsOf(move);
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_centre_id(centre);
  set(event);
  const std::string name = MoveName(move.id);
  work.Append(move.id, kMoveKind, name, event);
  return {move.id, name};
}

}  // namespace ieum::registry
