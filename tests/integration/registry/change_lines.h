// Changes of a history as tests expect them, a line a field: "email: old > new".
#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/person_service.pb.h"

namespace ieum::registry {

inline std::string LineOf(const auto& field) {
  return absl::StrCat(field.field(), ": ", field.old_value(), " > ", field.new_value());
}

// `Change`: RecordedChange or PersonChange.
template <class Change>
std::vector<std::string> Lines(const Change& change) {
  std::vector<std::string> lines;
  for (const auto& field : change.fields()) {
    std::string line = LineOf(field);
    if constexpr (std::is_same_v<Change, v1::PersonChange>) {
      if (field.withheld()) line += " withheld";
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace ieum::registry
