// Field masks of Update methods (AIP-134, AIP-161).
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace ieum::rpc {

// Changes `to` as an Update asks. `allowed`: the paths that may change, e.g. {"display_name",
// "address"}; what lies below an allowed path may be named too.
// * Empty mask: every allowed field that is set in `from`.
// * `*`: every allowed field; what is unset in `from` is cleared.
// * Otherwise the named fields; named and unset in `from` = cleared. Repeated fields are replaced.
// INVALID_ARGUMENT (UPDATE_MASK_INVALID) blaming `update_mask` when a path is unknown or cannot be
// changed; `to` is then untouched. Both messages are of one type.
absl::Status ApplyUpdate(const google::protobuf::FieldMask& mask,
                         const google::protobuf::Message& from, google::protobuf::Message* to,
                         const std::vector<std::string>& allowed);

// The paths that such an update would touch, in the mask's own words; same errors.
absl::StatusOr<std::vector<std::string>> UpdatePaths(const google::protobuf::FieldMask& mask,
                                                     const google::protobuf::Message& from,
                                                     const std::vector<std::string>& allowed);

}  // namespace ieum::rpc
