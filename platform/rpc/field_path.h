// Where in a request a value stands, written down only when somebody is to be blamed.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

namespace ieum::rpc {

// A link of a chain that lives on the stack of the walk.
struct FieldPath {
  const FieldPath* parent = nullptr;
  const google::protobuf::FieldDescriptor* field = nullptr;
  int index = -1;  // of a repeated field

  // "organization.facts[2].region_code"
  std::string ToString() const {
    std::string text = parent == nullptr ? "" : absl::StrCat(parent->ToString(), ".");
    absl::StrAppend(&text, field->name());
    if (index >= 0) absl::StrAppend(&text, "[", index, "]");
    return text;
  }
};

}  // namespace ieum::rpc
