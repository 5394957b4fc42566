#include "platform/filter/expression.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace ieum::filter {
namespace {

const char* Word(Op op) {
  switch (op) {
    case Op::kEqual:
      return " = ";
    case Op::kNotEqual:
      return " != ";
    case Op::kLess:
      return " < ";
    case Op::kLessOrEqual:
      return " <= ";
    case Op::kGreater:
      return " > ";
    case Op::kGreaterOrEqual:
      return " >= ";
    case Op::kHas:
      return ":";
  }
  return "";
}

std::string ValueText(const Literal& literal) {
  std::string text;
  if (literal.open_start) text.push_back('*');
  for (const char c : literal.text) {
    if (literal.quoted && (c == '"' || c == '\\' || c == '*')) text.push_back('\\');
    text.push_back(c);
  }
  // A lone star is open on both sides but written once.
  if (literal.open_end && !(literal.open_start && literal.text.empty())) text.push_back('*');
  return literal.quoted ? absl::StrCat("\"", text, "\"") : text;
}

}  // namespace

std::string Comparison::field() const { return absl::StrJoin(path, "."); }

std::string ToText(const Expression& expression) {
  using Kind = Expression::Kind;
  switch (expression.kind) {
    case Kind::kAll:
      return "";
    case Kind::kCompare:
      return absl::StrCat(expression.comparison.field(), Word(expression.comparison.op),
                          ValueText(expression.comparison.value));
    case Kind::kNot: {
      const std::string inner = ToText(expression.parts[0]);
      const bool twice = expression.parts[0].kind == Kind::kNot;
      return twice ? absl::StrCat("NOT (", inner, ")") : absl::StrCat("NOT ", inner);
    }
    case Kind::kAnd:
    case Kind::kOr:
      break;
  }
  std::vector<std::string> parts;
  for (const Expression& part : expression.parts) parts.push_back(ToText(part));
  return absl::StrCat("(", absl::StrJoin(parts, expression.kind == Kind::kAnd ? " AND " : " OR "),
                      ")");
}

}  // namespace ieum::filter
