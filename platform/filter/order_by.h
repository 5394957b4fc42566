// `order_by` of a list (AIP-132): "display_name, create_time desc".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/filter/fields.h"

namespace ieum::filter {

inline constexpr int kMaxOrderTerms = 5;

struct OrderTerm {
  const Field* field = nullptr;
  bool descending = false;

  // The value that rows are ordered by. Text is ordered by code point, on every installation alike;
  // Hangul syllables are in 가나다 order by it.
  std::string Expression() const;
};

// FILTER_INVALID blaming `order_by` when a field is unknown, named twice or has no order.
absl::StatusOr<std::vector<OrderTerm>> ParseOrderBy(std::string_view text, const FieldMap& fields);

// " ORDER BY …"; absent values are the greatest.
std::string OrderClause(const std::vector<OrderTerm>& terms);

}  // namespace ieum::filter
