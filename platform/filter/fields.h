// What callers may filter and order a list by: the allow-list from words of the contract to
// columns. Nothing outside of it reaches SQL.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"

namespace ieum::filter {

enum class Type {
  kText,
  kInt,
  kDecimal,
  kBool,
  kEnum,       // stored as its number
  kTimestamp,  // RFC 3339: "2023-03-14T09:00:00+09:00"
  kDate,       // "2023-03-14"
  kUuid,
  kTextArray,  // only `:`
};

struct Field {
  std::string column;  // an SQL expression: "o.display_name"
  Type type = Type::kText;
  const google::protobuf::EnumDescriptor* enum_type = nullptr;  // of kEnum
  std::string resource;  // of kUuid: the value may be such a name; the last `{}` is the id
  // False lets the database use an index for paging; a column with NULLs must say true.
  bool nullable = true;
  // What the column holds is normalised, so the value is too, for example base::SearchKey.
  std::function<std::string(std::string_view)> normalise;
  // What is true of every row whose column equals `{}`, said so that an index can answer it, where
  // the column is worked out from other rows. Empty = nothing.
  std::string implied;

  Field NotNull() && {
    nullable = false;
    return std::move(*this);
  }
  Field Normalised(std::function<std::string(std::string_view)> by) && {
    normalise = std::move(by);
    return std::move(*this);
  }
  Field Implying(std::string condition) && {
    implied = std::move(condition);
    return std::move(*this);
  }
};

Field Text(std::string column);
Field Int(std::string column);
Field Decimal(std::string column);
Field Bool(std::string column);
Field Timestamp(std::string column);
Field Date(std::string column);
Field Uuid(std::string column);
Field TextArray(std::string column);
// A reference: `organization = "organizations/0191…"`; pattern "organizations/{}".
Field Resource(std::string column, std::string pattern);
Field EnumOf(std::string column, const google::protobuf::EnumDescriptor* type);
template <class E>
Field Enum(std::string column) {
  return EnumOf(std::move(column), google::protobuf::GetEnumDescriptor<E>());
}

// "timestamptz": what a parameter of this type is cast to.
const char* SqlType(Type type);

// Immutable; names as in the contract ("create_time", "facts.region_code").
class FieldMap {
 public:
  FieldMap(std::initializer_list<std::pair<const std::string, Field>> fields) : fields_(fields) {}
  explicit FieldMap(std::map<std::string, Field> fields) : fields_(std::move(fields)) {}
  const Field* Find(const std::string& name) const;
  // "create_time, state": for the sentence that refuses an unknown one.
  std::string Names() const;

 private:
  std::map<std::string, Field> fields_;
};

}  // namespace ieum::filter
