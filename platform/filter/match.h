// A filter over one protobuf message, with the message's own field names: conditions of
// notification rules and of figures. Same meaning as in SQL.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "platform/filter/expression.h"

namespace ieum::filter {

// OK when every field of the expression is one of `type`'s (`.` steps into messages, `:` also
// through repeated ones) and every value is of its field's type; FILTER_INVALID blaming `blamed`
// otherwise. Said once, when a rule is stored or loaded.
absl::Status CheckFor(const Expression& expression, const google::protobuf::Descriptor& type,
                      std::string_view blamed = "filter");

// Whether the message fulfils the expression, which CheckFor has accepted for its type; a
// comparison that CheckFor would refuse is not fulfilled. An unset message, `optional` field or
// oneof member is absent.
bool Matches(const Expression& expression, const google::protobuf::Message& message);

}  // namespace ieum::filter
