// Goal: a caller's message is described and bounded before anybody reads it. Method: every type
// that a request can hold, down to its leaves.
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/match.h"
#include "buf/validate/validate.pb.h"
#include "google/api/field_behavior.pb.h"
#include "re2/re2.h"
#include "tests/contract/contracts.h"

namespace ieum::contract {
namespace {

// Fields that a caller may fill, in the request itself and in messages of ours within it.
void Collect(const Descriptor* message, std::set<const Descriptor*>* seen,
             std::vector<const FieldDescriptor*>* fields) {
  if (!seen->insert(message).second) return;
  for (int i = 0; i < message->field_count(); ++i) {
    const FieldDescriptor* field = message->field(i);
    fields->push_back(field);
    const Descriptor* type = field->message_type();
    if (type == nullptr || HasBehavior(field, "OUTPUT_ONLY")) continue;
    if (absl::StartsWith(type->full_name(), "ieum.")) Collect(type, seen, fields);
  }
}

std::vector<const FieldDescriptor*> CallersFields() {
  std::set<const Descriptor*> seen;
  std::vector<const FieldDescriptor*> fields;
  for (const Descriptor* request : Requests()) Collect(request, &seen, &fields);
  return fields;
}

bool IsBounded(const buf::validate::FieldRules& rules) {
  const auto& text = rules.string();
  if (text.has_max_len() || text.has_max_bytes() || text.has_len()) return true;
  if (text.uuid() || text.email() || text.in_size() > 0) return true;
  // A whole pattern without open repetitions has a longest match.
  static const RE2 whole("\\^.*\\$");
  static const RE2 open_ended(R"([*+]|\{\d+,\})");
  return RE2::FullMatch(text.pattern(), whole) && !RE2::PartialMatch(text.pattern(), open_ended);
}

TEST(Request, EveryFieldSaysItsBehaviour) {
  for (const FieldDescriptor* field : CallersFields()) {
    EXPECT_GT(field->options().ExtensionSize(google::api::field_behavior), 0)
        << field->full_name() << " needs (google.api.field_behavior)";
  }
}

TEST(Request, EveryTextIsBounded) {
  for (const FieldDescriptor* field : CallersFields()) {
    if (field->type() != FieldDescriptor::TYPE_STRING || HasBehavior(field, "OUTPUT_ONLY") ||
        HasBehavior(field, "IDENTIFIER")) {
      continue;
    }
    const auto& rules = field->options().GetExtension(buf::validate::field);
    EXPECT_TRUE(IsBounded(field->is_repeated() ? rules.repeated().items() : rules))
        << field->full_name() << " needs a max_len, a whole pattern, uuid or email";
  }
}

TEST(Request, EveryListIsBounded) {
  for (const FieldDescriptor* field : CallersFields()) {
    if (!field->is_repeated() || HasBehavior(field, "OUTPUT_ONLY")) continue;
    const auto& rules = field->options().GetExtension(buf::validate::field);
    EXPECT_TRUE(rules.repeated().has_max_items()) << field->full_name();
  }
}

TEST(Request, EveryEnumRefusesUnknownNumbers) {
  for (const FieldDescriptor* field : CallersFields()) {
    if (field->enum_type() == nullptr || HasBehavior(field, "OUTPUT_ONLY")) continue;
    const auto& rules = field->options().GetExtension(buf::validate::field);
    EXPECT_TRUE((field->is_repeated() ? rules.repeated().items() : rules).enum_().defined_only())
        << field->full_name();
  }
}

TEST(Request, EveryPatternIsOneThatRe2Reads) {
  for (const FieldDescriptor* field : CallersFields()) {
    const auto& rules = field->options().GetExtension(buf::validate::field);
    const auto& text = (field->is_repeated() ? rules.repeated().items() : rules).string();
    EXPECT_TRUE(RE2(text.pattern(), RE2::Quiet).ok()) << field->full_name();
  }
}

// A float cannot hold 599.5 points and 0.1 hours alike; decimals travel as text.
TEST(Request, NoFieldIsAFloat) {
  for (const FieldDescriptor* field : CallersFields()) {
    EXPECT_NE(field->cpp_type(), FieldDescriptor::CPPTYPE_DOUBLE) << field->full_name();
    EXPECT_NE(field->cpp_type(), FieldDescriptor::CPPTYPE_FLOAT) << field->full_name();
  }
}

}  // namespace
}  // namespace ieum::contract
