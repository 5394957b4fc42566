// The rules of one field as its contract annotates it, read once into checks. Inside of
// platform/rpc; callers use validation.h.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "platform/filter/field_value.h"

namespace ieum::rpc {

// What must hold, in words, when it does not hold; empty when it does.
using ValueCheck = std::function<std::string(const filter::FieldValue&)>;

struct FieldRules {
  const google::protobuf::FieldDescriptor* field = nullptr;
  bool required = false;         // present, and not zero where there is no presence
  bool skip_zero = false;        // a zero value is not looked at
  bool skip_zero_items = false;  // of a repeated field
  bool unique = false;
  uint64_t min_items = 0;
  uint64_t max_items = std::numeric_limits<uint64_t>::max();
  std::vector<ValueCheck> checks;  // of the value, or of each item
};

struct MessageRules {
  std::vector<FieldRules> fields;
  std::vector<const google::protobuf::OneofDescriptor*> required_oneofs;
};

// FAILED_PRECONDITION naming the field and the rule that is not known.
absl::StatusOr<MessageRules> ReadMessageRules(const google::protobuf::Descriptor& type);

// The checks of the type-specific rules, for example `string = {min_len: 1}`. In value_rules.cc.
absl::StatusOr<std::vector<ValueCheck>> ReadValueChecks(
    const google::protobuf::FieldDescriptor& field, const google::protobuf::Message& rules);

absl::Status UnknownRule(const google::protobuf::FieldDescriptor& field, std::string_view rule);

}  // namespace ieum::rpc
