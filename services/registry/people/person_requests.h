// What requests about people ask of the use cases, for every door that takes one.
#pragma once

#include "absl/status/statusor.h"
#include "services/registry/people/person_commands.h"

namespace ieum::registry {

// UPDATE_MASK_INVALID comes with the change. The request outlives what is answered.
absl::StatusOr<UpdatePersonInput> InputOf(const v1::UpdatePersonRequest& request);

}  // namespace ieum::registry
