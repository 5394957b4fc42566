// One value of a message's field, read by reflection: the singular one, or an element of a repeated
// one. The accessor must fit the field's type.
#pragma once

#include <string>

#include "absl/numeric/int128.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

namespace ieum::filter {

// Refers to the message and must not outlive it.
class FieldValue {
 public:
  static constexpr int kSingular = -1;

  FieldValue(const google::protobuf::Message& message,
             const google::protobuf::FieldDescriptor& field, int index = kSingular)
      : message_(message), reflection_(*message.GetReflection()), field_(field), index_(index) {}

  const google::protobuf::FieldDescriptor& field() const { return field_; }

  std::string Text() const;
  bool Bool() const;
  int Enum() const;
  double Floating() const;       // float, double
  absl::int128 Integer() const;  // all integer types
  const google::protobuf::Message& Sub() const;
  absl::Time Instant() const;  // google.protobuf.Timestamp

 private:
  bool singular() const { return index_ == kSingular; }

  const google::protobuf::Message& message_;
  const google::protobuf::Reflection& reflection_;
  const google::protobuf::FieldDescriptor& field_;
  const int index_;
};

}  // namespace ieum::filter
