// A page of figures: filtered and ordered like any list, over what was computed. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/reporting/v1/metric_service.pb.h"

namespace ieum::reporting {

// Keeps what fulfils `filter` (fields of Metric: indicator, area, status …) in the order of
// `order_by` (indicator, area, position, status; each with optional " desc"; ties and the default
// by position, then indicator). FILTER_INVALID blaming `filter` or `order_by`.
absl::StatusOr<std::vector<v1::Metric>> Arrange(std::vector<v1::Metric> metrics,
                                                const std::string& filter,
                                                const std::string& order_by);

}  // namespace ieum::reporting
