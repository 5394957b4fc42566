// What clients were told about versions, from the journal.
#pragma once

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "tools/audit/versions.h"

namespace ieum::audit {

// All sightings, in shares of bounded size; those of one aggregate are in one share. A command
// counts from its first attempt to its first answer.
absl::Status EachShareOfSightings(Subject& subject,
                                  absl::FunctionRef<void(std::vector<Sighting>)> each);

}  // namespace ieum::audit
