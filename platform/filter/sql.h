// A filter as the condition of an SQL statement: columns from the allow-list, values as parameters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/filter/expression.h"
#include "platform/filter/fields.h"

namespace ieum::filter {

struct Sql {
  std::string text;
  std::vector<std::string> params;
};

// `first_param`: number of the first `$n`. INVALID_ARGUMENT (FILTER_INVALID) blaming `blamed`,
// which names the unknown field, the operator that its type does not have, or the value that is not
// of its type.
absl::StatusOr<Sql> ToSql(const Expression& expression, const FieldMap& fields, int first_param = 1,
                          std::string_view blamed = "filter");

}  // namespace ieum::filter
