#include "platform/filter/match.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/filter/field_value.h"
#include "platform/filter/values.h"

namespace ieum::filter {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsTimestamp(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type()->full_name() == "google.protobuf.Timestamp";
}

std::string FieldNames(const Descriptor& type) {
  std::string names;
  for (int at = 0; at < type.field_count(); ++at) {
    absl::StrAppend(&names, at == 0 ? "" : ", ", type.field(at)->name());
  }
  return names;
}

// ---- Whether a comparison fits its field.

bool IsValueOf(const FieldDescriptor& field, const std::string& text) {
  double number = 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() != FieldDescriptor::TYPE_BYTES;
    case FieldDescriptor::CPPTYPE_BOOL:
      return AsBool(text).has_value();
    case FieldDescriptor::CPPTYPE_ENUM:
      return AsEnum(*field.enum_type(), text).has_value();
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return IsDecimal(text) && absl::SimpleAtod(text, &number);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return IsTimestamp(field) && AsTimestamp(text).has_value();
    default:
      return AsInt(text).has_value();
  }
}

absl::Status CheckLast(const FieldDescriptor& field, const Comparison& comparison, bool repeated,
                       std::string_view blamed) {
  const std::string name = comparison.field();
  const bool has = comparison.op == Op::kHas;
  const bool text = field.type() == FieldDescriptor::TYPE_STRING;
  if (has && comparison.value.anything() && !comparison.value.quoted) return absl::OkStatus();
  if (repeated && !has) return WrongOperator(blamed, name, ":");
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !IsTimestamp(field)) {
    return WrongOperator(blamed, name, ":*, or by one of its fields");
  }
  if (has && !repeated && !text) return WrongOperator(blamed, name, "= and its like, and :*");
  const bool unordered = field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL ||
                         field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
  if (unordered && IsOrder(comparison.op)) return WrongOperator(blamed, name, "=, != and :*");
  const bool may_be_open = text && (comparison.op == Op::kEqual || comparison.op == Op::kNotEqual);
  if ((comparison.value.open() && !may_be_open) || !IsValueOf(field, comparison.value.text)) {
    return WrongValue(blamed, name, text ? "text" : "a value of its type");
  }
  return absl::OkStatus();
}

absl::Status CheckComparison(const Comparison& comparison, const Descriptor& root,
                             std::string_view blamed) {
  const Descriptor* type = &root;
  bool repeated = false;
  for (size_t at = 0; at < comparison.path.size(); ++at) {
    const FieldDescriptor* field = type->FindFieldByName(comparison.path[at]);
    if (field == nullptr || field->is_map()) {
      return UnknownField(blamed, comparison.field(), FieldNames(*type));
    }
    repeated = repeated || field->is_repeated();
    if (at + 1 == comparison.path.size()) {
      return CheckLast(*field, comparison, repeated, blamed);
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || IsTimestamp(*field)) {
      return UnknownField(blamed, comparison.field(), FieldNames(*type));
    }
    type = field->message_type();
  }
  return Invalid(blamed, "names no field");
}

// ---- Whether a value fulfils a comparison.

bool TextHolds(Op op, const Literal& literal, const std::string& value) {
  if (op == Op::kHas) return absl::StrContains(value, literal.text);
  if (!literal.open()) return Holds(op, value, literal.text);
  bool like = value.size() >= literal.text.size();
  if (literal.open_start && literal.open_end) {
    like = absl::StrContains(value, literal.text);
  } else if (literal.open_start) {
    like = absl::EndsWith(value, literal.text);
  } else {
    like = absl::StartsWith(value, literal.text);
  }
  return (op == Op::kEqual && like) || (op == Op::kNotEqual && !like);
}

template <class T, class U>
bool Compare(Op op, const T& value, const std::optional<U>& literal) {
  return literal && Holds(op, value, T(*literal));
}

bool ValueHolds(Op op, const FieldValue& value, const Literal& literal) {
  const FieldDescriptor& field = value.field();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_STRING && TextHolds(op, literal, value.Text());
    case FieldDescriptor::CPPTYPE_BOOL:
      return Compare(op, value.Bool(), AsBool(literal.text));
    case FieldDescriptor::CPPTYPE_ENUM:
      return Compare(op, value.Enum(), AsEnum(*field.enum_type(), literal.text));
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT: {
      double number = 0;
      return absl::SimpleAtod(literal.text, &number) && Holds(op, value.Floating(), number);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return IsTimestamp(field) && Compare(op, value.Instant(), AsTimestamp(literal.text));
    default:
      return Compare(op, value.Integer(), AsInt(literal.text));
  }
}

// What `:*` asks of a singular field that is set.
bool Present(const FieldValue& value) {
  if (value.field().cpp_type() == FieldDescriptor::CPPTYPE_STRING) return !value.Text().empty();
  if (value.field().cpp_type() == FieldDescriptor::CPPTYPE_ENUM) return value.Enum() != 0;
  return true;
}

bool ComparisonHolds(const Comparison& comparison, size_t at, const Message& message);

bool RepeatedHolds(const Comparison& comparison, size_t at, const Message& message,
                   const FieldDescriptor& field) {
  if (comparison.op != Op::kHas) return false;
  const bool last = at + 1 == comparison.path.size();
  const int size = message.GetReflection()->FieldSize(message, &field);
  if (last && comparison.value.anything() && !comparison.value.quoted) return size > 0;
  for (int index = 0; index < size; ++index) {
    const FieldValue element(message, field, index);
    const bool holds = last ? ValueHolds(Op::kEqual, element, comparison.value)
                            : ComparisonHolds(comparison, at + 1, element.Sub());
    if (holds) return true;
  }
  return false;
}

bool ComparisonHolds(const Comparison& comparison, size_t at, const Message& message) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(comparison.path[at]);
  if (field == nullptr || field->is_map()) return false;
  if (field->is_repeated()) return RepeatedHolds(comparison, at, message, *field);
  if (field->has_presence() && !message.GetReflection()->HasField(message, field)) {
    return comparison.op == Op::kNotEqual;
  }
  const FieldValue value(message, *field, -1);
  const bool asks_presence =
      comparison.op == Op::kHas && comparison.value.anything() && !comparison.value.quoted;
  if (at + 1 == comparison.path.size()) {
    return asks_presence ? Present(value) : ValueHolds(comparison.op, value, comparison.value);
  }
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return false;
  return ComparisonHolds(comparison, at + 1, value.Sub());
}

}  // namespace

absl::Status CheckFor(const Expression& expression, const Descriptor& type,
                      std::string_view blamed) {
  if (expression.kind == Expression::Kind::kCompare) {
    return CheckComparison(expression.comparison, type, blamed);
  }
  for (const Expression& part : expression.parts) RETURN_IF_ERROR(CheckFor(part, type, blamed));
  return absl::OkStatus();
}

bool Matches(const Expression& expression, const Message& message) {
  const auto holds = [&](const Expression& part) { return Matches(part, message); };
  const auto& parts = expression.parts;
  switch (expression.kind) {
    case Expression::Kind::kAll:
      return true;
    case Expression::Kind::kAnd:
      return std::all_of(parts.begin(), parts.end(), holds);
    case Expression::Kind::kOr:
      return std::any_of(parts.begin(), parts.end(), holds);
    case Expression::Kind::kNot:
      return !holds(parts[0]);
    case Expression::Kind::kCompare:
      return ComparisonHolds(expression.comparison, 0, message);
  }
  return false;
}

}  // namespace ieum::filter
