// Waiting for what nobody tells of: looking again and again, each time a little later. For tools
// and auditors that watch other processes; a service is woken.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"

namespace ieum::base {

// The pauses between looks: each twice as long as the one before, up to the longest. One thread.
class Pauses {
 public:
  Pauses(absl::Duration first, absl::Duration longest) : next_(first), longest_(longest) {}
  // Lets the next one pass.
  void Pass();

 private:
  absl::Duration next_;
  const absl::Duration longest_;
};

// True as soon as `condition` holds; false when it does not within `limit`. Looks at least once.
bool WaitFor(absl::FunctionRef<bool()> condition, absl::Duration limit, Pauses pauses);

}  // namespace ieum::base
