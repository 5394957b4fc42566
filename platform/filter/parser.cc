#include <memory>

#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/base/text.h"
#include "platform/filter/expression.h"
#include "platform/filter/grammar.h"

namespace ieum::filter {
namespace {

namespace peg = tao::pegtl;

struct Expected {
  template <class Rule>
  static constexpr const char* message = nullptr;
  template <class Rule>
  static constexpr bool raise_on_failure = false;
};
template <>
constexpr const char* Expected::message<grammar::Name> = "a field name";
template <>
constexpr const char* Expected::message<grammar::Simple> =
    "a comparison such as `field = value`, or a parenthesis";
template <>
constexpr const char* Expected::message<grammar::Comparator> =
    "one of = != < <= > >= : behind the field; functions are not known";
template <>
constexpr const char* Expected::message<grammar::Value> =
    "a value: a word, or text in quotes; functions are not known";
template <>
constexpr const char* Expected::message<grammar::Inner> = Expected::message<grammar::Simple>;
template <>
constexpr const char* Expected::message<grammar::Expression> = Expected::message<grammar::Simple>;
template <>
constexpr const char* Expected::message<grammar::Sequence> = Expected::message<grammar::Simple>;
template <>
constexpr const char* Expected::message<grammar::Factor> = Expected::message<grammar::Simple>;
template <>
constexpr const char* Expected::message<grammar::Term> = Expected::message<grammar::Simple>;
template <>
constexpr const char* Expected::message<grammar::Close> = "AND, OR, another comparison, or `)`";
template <>
constexpr const char* Expected::message<peg::eof> = "AND, OR, another comparison, or the end";

template <class Rule>
using Control = peg::must_if<Expected, peg::normal, false>::control<Rule>;

template <class Rule>
using Kept = peg::parse_tree::selector<
    Rule,
    peg::parse_tree::store_content::on<grammar::Path, grammar::Comparator, grammar::Value,
                                       grammar::Restriction, grammar::Negation>,
    peg::parse_tree::fold_one::on<grammar::Factor, grammar::Sequence, grammar::Expression>>;

using Node = peg::parse_tree::node;

Op OpOf(std::string_view word) {
  if (word == "=") return Op::kEqual;
  if (word == "!=") return Op::kNotEqual;
  if (word == "<") return Op::kLess;
  if (word == "<=") return Op::kLessOrEqual;
  if (word == ">") return Op::kGreater;
  if (word == ">=") return Op::kGreaterOrEqual;
  return Op::kHas;
}

Literal LiteralOf(std::string_view raw) {
  Literal literal;
  literal.quoted = raw.front() == '"' || raw.front() == '\'';
  if (literal.quoted) raw = raw.substr(1, raw.size() - 2);
  if (raw.starts_with('*')) {
    literal.open_start = true;
    raw.remove_prefix(1);
  }
  bool last_is_wild = literal.open_start && raw.empty();
  for (size_t at = 0; at < raw.size(); ++at) {
    const bool escaped = literal.quoted && raw[at] == '\\' && at + 1 < raw.size();
    if (escaped) ++at;
    literal.text.push_back(raw[at]);
    last_is_wild = !escaped && raw[at] == '*';
  }
  literal.open_end = last_is_wild;
  if (last_is_wild && !literal.text.empty()) literal.text.pop_back();
  return literal;
}

std::vector<std::string> PathOf(std::string_view text) {
  std::vector<std::string> path(1);
  for (const char c : text) {
    if (c == '.') {
      path.emplace_back();
    } else {
      path.back().push_back(c);
    }
  }
  return path;
}

// Turns the parse tree into an expression and counts on the way.
class Builder {
 public:
  explicit Builder(std::string_view field) : field_(field) {}

  absl::StatusOr<Expression> Build(const Node& node, int depth) {
    if (node.is_type<grammar::Restriction>()) return Compare(node);
    if (depth >= kMaxFilterDepth) {
      return Invalid(field_, absl::StrCat("is nested deeper than ", kMaxFilterDepth));
    }
    Expression expression;
    expression.kind = node.is_type<grammar::Negation>() ? Expression::Kind::kNot
                      : node.is_type<grammar::Factor>() ? Expression::Kind::kOr
                                                        : Expression::Kind::kAnd;
    for (const auto& child : node.children) {
      ASSIGN_OR_RETURN(Expression part, Build(*child, depth + 1));
      expression.parts.push_back(std::move(part));
    }
    return expression;
  }

 private:
  absl::StatusOr<Expression> Compare(const Node& node) {
    if (++comparisons_ > kMaxFilterComparisons) {
      return Invalid(field_, absl::StrCat("has more than ", kMaxFilterComparisons, " comparisons"));
    }
    Expression expression;
    expression.kind = Expression::Kind::kCompare;
    expression.comparison.path = PathOf(node.children[0]->string_view());
    expression.comparison.op = OpOf(node.children[1]->string_view());
    expression.comparison.value = LiteralOf(node.children[2]->string_view());
    return expression;
  }

  std::string_view field_;
  int comparisons_ = 0;
};

// The parser recurses with parentheses, so they are counted before it runs.
bool NestedTooDeep(std::string_view text) {
  int depth = 0;
  char quote = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == '\\') ++at;
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(' && ++depth > kMaxFilterDepth) {
      return true;
    } else if (c == ')') {
      --depth;
    }
  }
  return false;
}

absl::Status CheckLimits(std::string_view text, std::string_view field) {
  if (!base::IsValidUtf8(text)) return Invalid(field, "must be valid UTF-8");
  if (base::CodePoints(text) > kMaxFilterCharacters) {
    return Invalid(field, absl::StrCat("must have at most ", kMaxFilterCharacters, " characters"));
  }
  if (NestedTooDeep(text)) {
    return Invalid(field, absl::StrCat("is nested deeper than ", kMaxFilterDepth));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Invalid(std::string_view field, std::string_view description) {
  return base::InvalidField(platform::v1::ERROR_REASON_FILTER_INVALID, field, description);
}

absl::StatusOr<Expression> Parse(std::string_view text, std::string_view field) {
  if (text.find_first_not_of(" \t\n\r\v\f") == std::string_view::npos) return Expression();
  RETURN_IF_ERROR(CheckLimits(text, field));
  peg::memory_input input(text.data(), text.size(), "filter");
  std::unique_ptr<Node> tree;
  try {
    tree = peg::parse_tree::parse<grammar::Filter, Kept, peg::nothing, Control>(input);
  } catch (const peg::parse_error& error) {
    return Invalid(field, absl::StrCat("column ", error.positions().front().column, ": expected ",
                                       error.message().data()));
  }
  return Builder(field).Build(*tree->children.front(), 0);
}

}  // namespace ieum::filter
