// Rules for dates as people write them into a plan:
//
//   2023-05-24
//   4th Wednesday of May          last Friday of November
//   Monday of 2nd week of November (weeks from Monday to Sunday, the first one holds the first
//                                   Thursday)
//
// and behind it, in this order, what applies: `of the next year`, `+ 3 days`, `- 2 business days`,
// `or next business day`, `or previous business day`.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/programme_service.pb.h"

namespace ieum::plan {

// INVALID_ARGUMENT that says how a rule is written.
absl::StatusOr<registry::v1::DateRule> ReadDateWords(std::string_view text);
// Read again it is the same rule; a fifth weekday or week is written "last".
std::string DateWords(const registry::v1::DateRule& rule);

}  // namespace ieum::plan
