// What processes hold before all faults and after (INV8).
#pragma once

#include "tests/faults/fault.h"

namespace ieum::faults {

// The most that each service has held when it was healed and had caught up, in the first half of
// the run: allocators keep what was needed once, so a calm process alone is no measure of what
// comes later. What grows without end is seen in the second half.
class HeldBefore {
 public:
  // After many calls at once, which make services open what they open when it is first needed.
  explicit HeldBefore(Scene& scene);
  void Look();
  // Tells it to the process log as "before"; nothing is looked at afterwards.
  const World::Footprints& Finish();

 private:
  World& world_;
  const absl::Time began_ = absl::Now();
  World::Footprints most_;
  bool finished_ = false;
};

// What each holds when everything is healed, as soon as it is like before, at most 10 s later.
// Told to the process log as "after".
World::Footprints HeldAfter(World& world, const World::Footprints& before);

}  // namespace ieum::faults
