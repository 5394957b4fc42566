#include "services/reporting/facts/fact.h"

#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "platform/base/timestamp.h"

namespace ieum::reporting {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool IsTimestamp(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type()->full_name() == "google.protobuf.Timestamp";
}

std::string InstantText(const Message& timestamp) {
  const auto& instant = static_cast<const google::protobuf::Timestamp&>(timestamp);
  return absl::FormatTime(absl::RFC3339_full, base::InstantOf(instant), absl::UTCTimeZone());
}

// index < 0: a singular field.
nlohmann::json ValueOf(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& r = *message.GetReflection();
  const bool one = index < 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return one ? r.GetString(message, &field) : r.GetRepeatedString(message, &field, index);
    case FieldDescriptor::CPPTYPE_ENUM:
      return one ? r.GetEnumValue(message, &field) : r.GetRepeatedEnumValue(message, &field, index);
    case FieldDescriptor::CPPTYPE_BOOL:
      return one ? r.GetBool(message, &field) : r.GetRepeatedBool(message, &field, index);
    case FieldDescriptor::CPPTYPE_INT32:
      return one ? r.GetInt32(message, &field) : r.GetRepeatedInt32(message, &field, index);
    case FieldDescriptor::CPPTYPE_UINT32:
      return one ? r.GetUInt32(message, &field) : r.GetRepeatedUInt32(message, &field, index);
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(one ? r.GetInt64(message, &field)
                                : r.GetRepeatedInt64(message, &field, index));
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::to_string(one ? r.GetUInt64(message, &field)
                                : r.GetRepeatedUInt64(message, &field, index));
    default:
      return nullptr;  // floats do not occur in contracts of Ieum
  }
}

bool Countable(const FieldDescriptor& field) {
  return field.type() != FieldDescriptor::TYPE_BYTES &&
         (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || IsTimestamp(field));
}

void Flatten(const Message& message, const std::string& prefix, nlohmann::json& out);

void FlattenOne(const Message& message, const FieldDescriptor& field, const std::string& path,
                nlohmann::json& out) {
  const Reflection& reflection = *message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    if (!reflection.HasField(message, &field)) return;
    const Message& inner = reflection.GetMessage(message, &field);
    if (IsTimestamp(field)) {
      out[path] = InstantText(inner);
    } else {
      Flatten(inner, path + ".", out);
    }
    return;
  }
  // What is not known is no zero: a figure that asks for it must not count it.
  if (!Countable(field) || (field.has_presence() && !reflection.HasField(message, &field))) return;
  nlohmann::json value = ValueOf(message, field, -1);
  if (value.is_string() && value.get_ref<const std::string&>().empty()) return;
  out[path] = std::move(value);
}

void FlattenList(const Message& message, const FieldDescriptor& field, const std::string& path,
                 nlohmann::json& out) {
  if (!Countable(field) || IsTimestamp(field)) return;
  nlohmann::json list = nlohmann::json::array();
  const int size = message.GetReflection()->FieldSize(message, &field);
  for (int i = 0; i < size; ++i) list.push_back(ValueOf(message, field, i));
  if (size > 0) out[path] = std::move(list);
}

void Flatten(const Message& message, const std::string& prefix, nlohmann::json& out) {
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string path = prefix + field.name();
    if (field.is_repeated()) {
      FlattenList(message, field, path, out);
    } else {
      FlattenOne(message, field, path, out);
    }
  }
}

// Parts whose centre the database reads by their own names (0003_centre_said.sql).
constexpr const char* kReadParts[] = {"engagement", "application", "enrolment",
                                      "campaign",   "message",     "reminder"};

// An event whose centre only another part says tells it as its own: for the database to read a
// further name, every fact there is would be written anew.
void KeepCentre(const Message& event, nlohmann::json& fields) {
  const Descriptor& type = *event.GetDescriptor();
  const auto says = [&](const char* name) { return type.FindFieldByName(name) != nullptr; };
  if (says("centre_id") || std::any_of(std::begin(kReadParts), std::end(kReadParts), says)) return;
  for (int i = 0; i < type.field_count(); ++i) {
    const auto said = fields.find(absl::StrCat(type.field(i)->name(), ".centre_id"));
    if (said == fields.end()) continue;
    fields["centre_id"] = *said;
    return;
  }
}

}  // namespace

std::string FlattenFields(const Message& event) {
  nlohmann::json fields = nlohmann::json::object();
  Flatten(event, "", fields);
  KeepCentre(event, fields);
  return fields.dump();
}

const FieldDescriptor* FieldAt(const Descriptor& event, const std::string& path) {
  const Descriptor* type = &event;
  const FieldDescriptor* field = nullptr;
  for (const auto& part : absl::StrSplit(path, '.')) {
    if (type == nullptr) return nullptr;
    field = type->FindFieldByName(std::string(part));
    if (field == nullptr || field->is_repeated()) return nullptr;
    type = IsTimestamp(*field) ? nullptr : field->message_type();
  }
  return field != nullptr && type == nullptr && Countable(*field) ? field : nullptr;
}

}  // namespace ieum::reporting
