// Work that becomes due when business time reaches it: reminders, expiries, hand-overs.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace ieum::flow {

// One kind of due work. The loop calls `step` again and again while it answers true; it runs only
// on the process that holds the lease `due.<name>`, is woken by clock steps, by commits of this
// process, by Poke, and at least every 500 ms; a failing step is tried again with back-off. Nothing
// runs while a simulated clock is unset.
struct DueWork {
  std::string name;  // "reminders"
  // Does a bounded piece of work due at `now` (own transactions). True: there may be more.
  std::function<absl::StatusOr<bool>(absl::Time now)> step;
  // Unfinished work whose instant is not after `now`; shown as `due_timers`.
  std::function<absl::StatusOr<int64_t>(absl::Time now)> count_due;
  // What it does cannot be taken back, like a mail: it rests while a ledger was restored and nobody
  // has looked at what that means (docs/runbook.md).
  bool irrevocable = false;
  // Given once, before the first step: whether this process may still act. False when the lease ran
  // out, when irrevocable work is to rest, and when the process stops. Cheap, any thread. A step
  // that takes long asks before each thing that cannot be taken back. May be left out.
  std::function<void(std::function<bool()> may_act)> begin;
};

}  // namespace ieum::flow
