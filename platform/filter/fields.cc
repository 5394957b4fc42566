#include "platform/filter/fields.h"

#include "absl/strings/str_cat.h"

namespace ieum::filter {
namespace {

Field Of(std::string column, Type type) {
  Field field;
  field.column = std::move(column);
  field.type = type;
  return field;
}

}  // namespace

Field Text(std::string column) { return Of(std::move(column), Type::kText); }
Field Int(std::string column) { return Of(std::move(column), Type::kInt); }
Field Decimal(std::string column) { return Of(std::move(column), Type::kDecimal); }
Field Bool(std::string column) { return Of(std::move(column), Type::kBool); }
Field Timestamp(std::string column) { return Of(std::move(column), Type::kTimestamp); }
Field Date(std::string column) { return Of(std::move(column), Type::kDate); }
Field Uuid(std::string column) { return Of(std::move(column), Type::kUuid); }
Field TextArray(std::string column) { return Of(std::move(column), Type::kTextArray); }

Field Resource(std::string column, std::string pattern) {
  Field field = Of(std::move(column), Type::kUuid);
  field.resource = std::move(pattern);
  return field;
}

Field EnumOf(std::string column, const google::protobuf::EnumDescriptor* type) {
  Field field = Of(std::move(column), Type::kEnum);
  field.enum_type = type;
  return field;
}

const char* SqlType(Type type) {
  switch (type) {
    case Type::kText:
    case Type::kTextArray:
      return "text";
    case Type::kInt:
      return "bigint";
    case Type::kDecimal:
      return "numeric";
    case Type::kBool:
      return "boolean";
    case Type::kEnum:
      return "integer";
    case Type::kTimestamp:
      return "timestamptz";
    case Type::kDate:
      return "date";
    case Type::kUuid:
      return "uuid";
  }
  return "text";
}

const Field* FieldMap::Find(const std::string& name) const {
  const auto found = fields_.find(name);
  return found == fields_.end() ? nullptr : &found->second;
}

std::string FieldMap::Names() const {
  std::string names;
  for (const auto& [name, field] : fields_)
    absl::StrAppend(&names, names.empty() ? "" : ", ", name);
  return names;
}

}  // namespace ieum::filter
