#include "platform/filter/field_value.h"

#include "google/protobuf/timestamp.pb.h"
#include "platform/base/timestamp.h"

namespace ieum::filter {

using google::protobuf::FieldDescriptor;

std::string FieldValue::Text() const {
  return singular() ? reflection_.GetString(message_, &field_)
                    : reflection_.GetRepeatedString(message_, &field_, index_);
}

bool FieldValue::Bool() const {
  return singular() ? reflection_.GetBool(message_, &field_)
                    : reflection_.GetRepeatedBool(message_, &field_, index_);
}

int FieldValue::Enum() const {
  return singular() ? reflection_.GetEnumValue(message_, &field_)
                    : reflection_.GetRepeatedEnumValue(message_, &field_, index_);
}

double FieldValue::Floating() const {
  if (field_.cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
    return singular() ? reflection_.GetFloat(message_, &field_)
                      : reflection_.GetRepeatedFloat(message_, &field_, index_);
  }
  return singular() ? reflection_.GetDouble(message_, &field_)
                    : reflection_.GetRepeatedDouble(message_, &field_, index_);
}

absl::int128 FieldValue::Integer() const {
  switch (field_.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return singular() ? reflection_.GetInt32(message_, &field_)
                        : reflection_.GetRepeatedInt32(message_, &field_, index_);
    case FieldDescriptor::CPPTYPE_UINT32:
      return singular() ? reflection_.GetUInt32(message_, &field_)
                        : reflection_.GetRepeatedUInt32(message_, &field_, index_);
    case FieldDescriptor::CPPTYPE_UINT64:
      return singular() ? reflection_.GetUInt64(message_, &field_)
                        : reflection_.GetRepeatedUInt64(message_, &field_, index_);
    default:
      return singular() ? reflection_.GetInt64(message_, &field_)
                        : reflection_.GetRepeatedInt64(message_, &field_, index_);
  }
}

const google::protobuf::Message& FieldValue::Sub() const {
  return singular() ? reflection_.GetMessage(message_, &field_)
                    : reflection_.GetRepeatedMessage(message_, &field_, index_);
}

absl::Time FieldValue::Instant() const {
  google::protobuf::Timestamp timestamp;
  timestamp.CopyFrom(Sub());
  return base::InstantOf(timestamp);
}

}  // namespace ieum::filter
