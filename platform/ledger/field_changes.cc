#include "platform/ledger/field_changes.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"
#include "ieum/platform/v1/options.pb.h"

namespace ieum::ledger {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kOne = -1;  // in place of an index: the field is no list

std::string EnumText(const EnumValueDescriptor* value) {
  return value->number() == 0 ? "" : std::string(value->name());
}

// Of a scalar field, or of one element of a list of scalars.
std::string ScalarText(const Message& message, const FieldDescriptor* field, int at) {
  const Reflection& of = *message.GetReflection();
  const bool one = at == kOne;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return one ? of.GetString(message, field) : of.GetRepeatedString(message, field, at);
    case FieldDescriptor::CPPTYPE_BOOL:
      return (one ? of.GetBool(message, field) : of.GetRepeatedBool(message, field, at)) ? "true"
                                                                                         : "false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumText(one ? of.GetEnum(message, field) : of.GetRepeatedEnum(message, field, at));
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(one ? of.GetInt32(message, field)
                              : of.GetRepeatedInt32(message, field, at));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(one ? of.GetInt64(message, field)
                              : of.GetRepeatedInt64(message, field, at));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(one ? of.GetUInt32(message, field)
                              : of.GetRepeatedUInt32(message, field, at));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(one ? of.GetUInt64(message, field)
                              : of.GetRepeatedUInt64(message, field, at));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return absl::StrCat(one ? of.GetDouble(message, field)
                              : of.GetRepeatedDouble(message, field, at));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return absl::StrCat(one ? of.GetFloat(message, field)
                              : of.GetRepeatedFloat(message, field, at));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return (one ? of.GetMessage(message, field) : of.GetRepeatedMessage(message, field, at))
      .ShortDebugString();
}

std::string Text(const Message& message, const FieldDescriptor* field) {
  const Reflection& of = *message.GetReflection();
  if (!field->is_repeated()) {
    return of.HasField(message, field) ? ScalarText(message, field, kOne) : "";
  }
  std::vector<std::string> elements;
  for (int at = 0; at < of.FieldSize(message, field); ++at) {
    elements.push_back(ScalarText(message, field, at));
  }
  return absl::StrJoin(elements, ", ");
}

// Instants and the like are values, not things with fields of their own.
bool HasFieldsOfItsOwn(const FieldDescriptor* field) {
  return !field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field->message_type()->file()->package() != "google.protobuf";
}

}  // namespace

std::vector<FieldChange> FieldChanges(const Message& before, const Message& after,
                                      std::string_view prefix, PersonalFields personal) {
  std::vector<FieldChange> changes;
  const auto* type = before.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const bool marked = field->options().GetExtension(platform::v1::personal);
    if (marked && personal == PersonalFields::kLeftOut) continue;
    const std::string path = std::string(prefix) + std::string(field->name());
    if (HasFieldsOfItsOwn(field)) {
      for (FieldChange& below :
           FieldChanges(before.GetReflection()->GetMessage(before, field),
                        after.GetReflection()->GetMessage(after, field), path + ".", personal)) {
        changes.push_back(std::move(below));
      }
      continue;
    }
    FieldChange change{path, Text(before, field), Text(after, field), marked};
    if (change.from != change.to) changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace ieum::ledger
