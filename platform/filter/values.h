// Literals of a filter as values. Each answers nullopt when the text is no such value; SQL and
// messages read them alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "platform/filter/expression.h"

namespace ieum::filter {

std::optional<int64_t> AsInt(std::string_view text);
// "-12.50", at most 18 digits.
bool IsDecimal(std::string_view text);
std::optional<bool> AsBool(std::string_view text);
// RFC 3339 with a zone, years 1 to 9999.
std::optional<absl::Time> AsTimestamp(std::string_view text);
std::optional<absl::CivilDay> AsDay(std::string_view text);
// The value's name, with or without the prefix that the enum's name gives to all:
// "SIZE_BAND_1_TO_4" or "1_TO_4".
std::optional<int> AsEnum(const google::protobuf::EnumDescriptor& type, std::string_view text);

template <class T>
bool Holds(Op op, const T& left, const T& right) {
  switch (op) {
    case Op::kEqual:
      return left == right;
    case Op::kNotEqual:
      return left != right;
    case Op::kLess:
      return left < right;
    case Op::kLessOrEqual:
      return left <= right;
    case Op::kGreater:
      return left > right;
    case Op::kGreaterOrEqual:
      return left >= right;
    case Op::kHas:
      return false;
  }
  return false;
}

inline bool IsOrder(Op op) { return op != Op::kEqual && op != Op::kNotEqual && op != Op::kHas; }

// Refusals in the same words wherever a filter is given a meaning.
absl::Status UnknownField(std::string_view blamed, std::string_view field, std::string_view known);
absl::Status WrongOperator(std::string_view blamed, std::string_view field,
                           std::string_view allowed);
absl::Status WrongValue(std::string_view blamed, std::string_view field, std::string_view expected);

}  // namespace ieum::filter
