// Which fault comes when: computed from the seed before anything starts.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/faults/fault.h"

namespace ieum::faults {

struct Entry {
  absl::Duration at;  // since the load began, at the earliest: a fault waits for the one before it
  const Fault* fault = nullptr;
  Strike strike;
};

// What a run wants of its schedule.
struct Wishes {
  std::vector<std::string> only;  // ids of faults; empty = all that are not alone
  bool every_failpoint = false;   // T2 at each of its places, once, as long as that takes
};

// All kinds come equally often, in random order. INVALID_ARGUMENT for an id that no fault has.
absl::StatusOr<std::vector<Entry>> MakeSchedule(uint64_t seed, absl::Duration length,
                                                const Wishes& wishes);

std::string WordsOf(const Entry& entry);

}  // namespace ieum::faults
