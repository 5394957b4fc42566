// What requests about organizations ask of the use cases, for every door that takes one.
#pragma once

#include "absl/status/statusor.h"
#include "services/registry/organizations/dated_record_commands.h"
#include "services/registry/organizations/organization_commands.h"

namespace ieum::registry {

// UPDATE_MASK_INVALID and what is wrong with names. The request outlives what is answered.
absl::StatusOr<UpdateOrganizationInput> InputOf(const v1::UpdateOrganizationRequest& request);
absl::StatusOr<RecordFactsInput> InputOf(const v1::RecordOrganizationFactsRequest& request);
absl::StatusOr<RecordLabelInput> InputOf(const v1::RecordOrganizationLabelRequest& request);

}  // namespace ieum::registry
