#include "platform/filter/sql.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"
#include "platform/filter/values.h"

namespace ieum::filter {
namespace {

const char* SqlOp(Op op) {
  switch (op) {
    case Op::kEqual:
      return " = ";
    case Op::kNotEqual:
      return " <> ";
    case Op::kLess:
      return " < ";
    case Op::kLessOrEqual:
      return " <= ";
    case Op::kGreater:
      return " > ";
    case Op::kGreaterOrEqual:
    case Op::kHas:
      return " >= ";
  }
  return " = ";
}

std::string EscapedLike(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\' || c == '%' || c == '_') escaped.push_back('\\');
    escaped.push_back(c);
  }
  return escaped;
}

std::optional<std::string> UuidText(const Field& field, const std::string& text) {
  if (const auto id = base::Uuid::Parse(text)) return id->ToString();
  if (field.resource.empty()) return std::nullopt;
  const auto ids = base::IdsIn(field.resource, text, "name");
  if (!ids.ok() || ids->empty()) return std::nullopt;
  return ids->back().ToString();
}

template <class T, class F>
std::optional<std::string> Mapped(const std::optional<T>& value, F format) {
  if (!value) return std::nullopt;
  return format(*value);
}

// The literal as PostgreSQL reads it; nullopt when it is not of the field's type.
std::optional<std::string> ParamText(const Field& field, const std::string& text) {
  switch (field.type) {
    case Type::kText:
    case Type::kTextArray:
      return field.normalise ? field.normalise(text) : text;
    case Type::kInt:
      return Mapped(AsInt(text), [](int64_t value) { return std::to_string(value); });
    case Type::kDecimal:
      return IsDecimal(text) ? std::optional(text) : std::nullopt;
    case Type::kBool:
      return Mapped(AsBool(text), [](bool value) { return value ? "true" : "false"; });
    case Type::kEnum:
      return Mapped(AsEnum(*field.enum_type, text),
                    [](int value) { return std::to_string(value); });
    case Type::kTimestamp:
      return Mapped(AsTimestamp(text), [](absl::Time at) {
        return absl::FormatTime("%E4Y-%m-%d %H:%M:%E6S+00", at, absl::UTCTimeZone());
      });
    case Type::kDate:
      return Mapped(AsDay(text), base::FormatDay);
    case Type::kUuid:
      return UuidText(field, text);
  }
  return std::nullopt;
}

const char* Expected(Type type) {
  switch (type) {
    case Type::kText:
    case Type::kTextArray:
      return "text";
    case Type::kInt:
      return "a whole number";
    case Type::kDecimal:
      return "a number";
    case Type::kBool:
      return "true or false";
    case Type::kEnum:
      return "one of its enum's values";
    case Type::kTimestamp:
      return "an instant in quotes such as \"2023-03-14T09:00:00+09:00\"";
    case Type::kDate:
      return "a day such as 2023-03-14";
    case Type::kUuid:
      return "an id or a resource name";
  }
  return "text";
}

bool Ordered(Type type) {
  return type == Type::kText || type == Type::kInt || type == Type::kDecimal ||
         type == Type::kTimestamp || type == Type::kDate;
}

class Writer {
 public:
  Writer(const FieldMap& fields, int first_param, std::string_view blamed)
      : fields_(fields), first_param_(first_param), blamed_(blamed) {}

  // Negation is carried down to the comparisons, where a NULL is made FALSE: SQL's third truth
  // value never meets a NOT, and what is not negated can use an index.
  absl::StatusOr<std::string> Write(const Expression& expression, bool negated) {
    using Kind = Expression::Kind;
    switch (expression.kind) {
      case Kind::kAll:
        return std::string(negated ? "FALSE" : "TRUE");
      case Kind::kNot:
        return Write(expression.parts[0], !negated);
      case Kind::kCompare: {
        ASSIGN_OR_RETURN(std::string condition, Compare(expression.comparison));
        return negated ? absl::StrCat("(", condition, ") IS NOT TRUE") : condition;
      }
      case Kind::kAnd:
      case Kind::kOr:
        break;
    }
    const bool and_between = (expression.kind == Kind::kAnd) != negated;
    std::string text = "(";
    for (const Expression& part : expression.parts) {
      ASSIGN_OR_RETURN(const std::string condition, Write(part, negated));
      absl::StrAppend(&text, text.size() == 1 ? "" : and_between ? " AND " : " OR ", condition);
    }
    return text + ")";
  }

  std::vector<std::string> TakeParams() { return std::move(params_); }

 private:
  absl::StatusOr<std::string> Compare(const Comparison& comparison) {
    const std::string name = comparison.field();
    const Field* field = fields_.Find(name);
    if (field == nullptr) return UnknownField(blamed_, name, fields_.Names());
    if (comparison.op == Op::kHas) return Has(name, *field, comparison.value);
    if (field->type == Type::kTextArray) return WrongOperator(blamed_, name, ":");
    if (IsOrder(comparison.op)) return Order(name, *field, comparison);
    if (comparison.value.open()) return Pattern(name, *field, comparison);
    ASSIGN_OR_RETURN(const std::string param, Param(name, *field, comparison.value));
    if (comparison.op == Op::kEqual) return Equal(*field, param);
    return absl::StrCat(field->column, field->nullable ? " IS DISTINCT FROM " : " <> ", param);
  }

  static std::string Equal(const Field& field, const std::string& param) {
    const std::string equal = absl::StrCat(field.column, " = ", param);
    if (field.implied.empty()) return equal;
    return absl::StrCat("(", equal, " AND ", absl::StrReplaceAll(field.implied, {{"{}", param}}),
                        ")");
  }

  absl::StatusOr<std::string> Has(const std::string& name, const Field& field,
                                  const Literal& value) {
    if (value.anything() && !value.quoted) return Present(field);
    if (value.open()) return WrongValue(blamed_, name, "a value, or * alone");
    if (field.type == Type::kTextArray) {
      ASSIGN_OR_RETURN(const std::string param, Param(name, field, value));
      return absl::StrCat(param, " = ANY(", field.column, ")");
    }
    if (field.type != Type::kText) return WrongOperator(blamed_, name, "= and its like, and :*");
    const std::string text = field.normalise ? field.normalise(value.text) : value.text;
    return Like(field, absl::StrCat("%", EscapedLike(text), "%"));
  }

  static std::string Present(const Field& field) {
    if (field.type == Type::kText) return absl::StrCat(field.column, " <> ''");
    if (field.type == Type::kEnum) return absl::StrCat(field.column, " <> 0");
    if (field.type == Type::kTextArray) return absl::StrCat("cardinality(", field.column, ") > 0");
    return absl::StrCat(field.column, " IS NOT NULL");
  }

  absl::StatusOr<std::string> Order(const std::string& name, const Field& field,
                                    const Comparison& comparison) {
    if (!Ordered(field.type)) return WrongOperator(blamed_, name, "=, != and :*");
    ASSIGN_OR_RETURN(const std::string param, Param(name, field, comparison.value));
    const char* collation = field.type == Type::kText ? " COLLATE \"C\"" : "";
    return absl::StrCat(field.column, collation, SqlOp(comparison.op), param);
  }

  absl::StatusOr<std::string> Pattern(const std::string& name, const Field& field,
                                      const Comparison& comparison) {
    if (field.type != Type::kText) return WrongValue(blamed_, name, Expected(field.type));
    const Literal& value = comparison.value;
    const std::string text = field.normalise ? field.normalise(value.text) : value.text;
    const std::string like = Like(
        field,
        absl::StrCat(value.open_start ? "%" : "", EscapedLike(text), value.open_end ? "%" : ""));
    return comparison.op == Op::kEqual ? like : absl::StrCat("(", like, ") IS NOT TRUE");
  }

  std::string Like(const Field& field, std::string pattern) {
    return absl::StrCat(field.column, " LIKE ", Bind(std::move(pattern), Type::kText));
  }

  absl::StatusOr<std::string> Param(const std::string& name, const Field& field,
                                    const Literal& value) {
    const std::optional<std::string> text =
        value.open() ? std::nullopt : ParamText(field, value.text);
    if (!text) return WrongValue(blamed_, name, Expected(field.type));
    return Bind(*text, field.type);
  }

  std::string Bind(std::string text, Type type) {
    params_.push_back(std::move(text));
    return absl::StrCat("$", first_param_ + params_.size() - 1, "::", SqlType(type));
  }

  const FieldMap& fields_;
  size_t first_param_;
  std::string_view blamed_;
  std::vector<std::string> params_;
};

}  // namespace

absl::StatusOr<Sql> ToSql(const Expression& expression, const FieldMap& fields, int first_param,
                          std::string_view blamed) {
  Writer writer(fields, first_param, blamed);
  ASSIGN_OR_RETURN(std::string text, writer.Write(expression, false));
  return Sql{std::move(text), writer.TakeParams()};
}

}  // namespace ieum::filter
