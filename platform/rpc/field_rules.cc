#include "platform/rpc/field_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "buf/validate/validate.pb.h"
#include "google/api/field_behavior.pb.h"
#include "platform/base/status.h"

namespace ieum::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
namespace validate = buf::validate;

bool Behaves(const FieldDescriptor& field, google::api::FieldBehavior behaviour) {
  const auto& options = field.options();
  for (int at = 0; at < options.ExtensionSize(google::api::field_behavior); ++at) {
    if (options.GetExtension(google::api::field_behavior, at) == behaviour) return true;
  }
  return false;
}

// A zero number or false may well be what the caller means; nothing else may.
bool RequiredMeansPresent(const FieldDescriptor& field) {
  return field.is_repeated() || field.has_presence() ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_STRING ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
}

std::vector<const FieldDescriptor*> SetFields(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  return fields;
}

// The set member of the oneof `type`, for example StringRules; null when there is none.
const Message* TypeRules(const validate::FieldRules& rules) {
  const auto* oneof = validate::FieldRules::descriptor()->FindOneofByName("type");
  const auto* set = rules.GetReflection()->GetOneofFieldDescriptor(rules, oneof);
  return set == nullptr ? nullptr : &rules.GetReflection()->GetMessage(rules, set);
}

absl::Status CheckKnown(const FieldDescriptor& field, const validate::FieldRules& rules) {
  for (const FieldDescriptor* set : SetFields(rules)) {
    if (set->containing_oneof() == nullptr && set->name() != "required" &&
        set->name() != "ignore") {
      return UnknownRule(field, set->name());
    }
  }
  return absl::OkStatus();
}

absl::Status ReadItems(const validate::FieldRules& items, FieldRules* out) {
  RETURN_IF_ERROR(CheckKnown(*out->field, items));
  out->skip_zero_items = items.ignore() == validate::IGNORE_IF_ZERO_VALUE;
  const Message* typed = TypeRules(items);
  if (typed == nullptr || items.ignore() == validate::IGNORE_ALWAYS) return absl::OkStatus();
  ASSIGN_OR_RETURN(out->checks, ReadValueChecks(*out->field, *typed));
  return absl::OkStatus();
}

bool CanBeUnique(const FieldDescriptor& field) {
  return field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE &&
         field.cpp_type() != FieldDescriptor::CPPTYPE_DOUBLE &&
         field.cpp_type() != FieldDescriptor::CPPTYPE_FLOAT;
}

absl::Status ReadRepeated(const validate::FieldRules& rules, FieldRules* out) {
  const Message* typed = TypeRules(rules);
  if (typed == nullptr) return absl::OkStatus();
  if (!rules.has_repeated()) return UnknownRule(*out->field, typed->GetDescriptor()->name());
  const validate::RepeatedRules& repeated = rules.repeated();
  if (repeated.has_min_items()) out->min_items = repeated.min_items();
  if (repeated.has_max_items()) out->max_items = repeated.max_items();
  out->unique = repeated.unique();
  if (out->unique && !CanBeUnique(*out->field)) return UnknownRule(*out->field, "repeated.unique");
  return repeated.has_items() ? ReadItems(repeated.items(), out) : absl::OkStatus();
}

// Nullopt: nothing is to be checked in this field or below.
absl::StatusOr<std::optional<FieldRules>> ReadField(const FieldDescriptor& field) {
  const validate::FieldRules& rules = field.options().GetExtension(validate::field);
  RETURN_IF_ERROR(CheckKnown(field, rules));
  if (rules.ignore() == validate::IGNORE_ALWAYS || Behaves(field, google::api::OUTPUT_ONLY)) {
    return std::optional<FieldRules>();
  }
  if (field.is_map() &&
      field.message_type()->map_value()->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return UnknownRule(field, "map of messages");
  }
  FieldRules out;
  out.field = &field;
  out.required =
      rules.required() || (Behaves(field, google::api::REQUIRED) && RequiredMeansPresent(field));
  out.skip_zero = rules.ignore() == validate::IGNORE_IF_ZERO_VALUE;
  if (field.is_repeated()) {
    RETURN_IF_ERROR(ReadRepeated(rules, &out));
  } else if (const Message* typed = TypeRules(rules)) {
    ASSIGN_OR_RETURN(out.checks, ReadValueChecks(field, *typed));
  }
  return std::optional<FieldRules>(std::move(out));
}

bool HasNothingToCheck(const FieldRules& rules) {
  const bool walks = rules.field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  const bool counts = rules.unique || rules.min_items > 0 ||
                      rules.max_items != std::numeric_limits<uint64_t>::max();
  return !walks && !counts && !rules.required && rules.checks.empty();
}

}  // namespace

absl::Status UnknownRule(const FieldDescriptor& field, std::string_view rule) {
  return absl::FailedPreconditionError(absl::StrCat(
      field.full_name(),
      " has a validation rule that is not known: ", absl::string_view(rule.data(), rule.size())));
}

absl::StatusOr<MessageRules> ReadMessageRules(const Descriptor& type) {
  MessageRules out;
  if (type.options().HasExtension(validate::message) &&
      !SetFields(type.options().GetExtension(validate::message)).empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(type.full_name(), " has a rule on the whole message, which is not known"));
  }
  for (int at = 0; at < type.field_count(); ++at) {
    ASSIGN_OR_RETURN(std::optional<FieldRules> rules, ReadField(*type.field(at)));
    if (rules && !HasNothingToCheck(*rules)) out.fields.push_back(std::move(*rules));
  }
  for (int at = 0; at < type.oneof_decl_count(); ++at) {
    const auto* oneof = type.oneof_decl(at);
    if (oneof->options().GetExtension(validate::oneof).required()) {
      out.required_oneofs.push_back(oneof);
    }
  }
  return out;
}

}  // namespace ieum::rpc
