// The filter language of lists, notification rules and figures: AIP-160. One parser, one meaning.
//
//   state = ACTIVE AND (region_code = "26*" OR display_name:"정밀") -size_band = SIZE_BAND_1_TO_4
//
// * OR binds closer than AND, as AIP-160 says; parts that only stand beside each other are ANDed.
// * `=` and `!=` on text: a `*` at the start or the end stands for any text (`\*` for itself).
// * `:` asks whether a text contains the value, or a repeated field has it; `field:*` whether the
//   field is there at all.
// * A value that is absent fulfils no comparison but `!=`. NOT turns exactly the others round.
// * Functions, and values without a field, are refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace ieum::filter {

inline constexpr int kMaxFilterCharacters = 2000;  // code points
inline constexpr int kMaxFilterDepth = 20;         // parentheses and negations within each other
inline constexpr int kMaxFilterComparisons = 50;

enum class Op { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kHas };

// What stands to the right of an operator.
struct Literal {
  std::string text;         // unescaped, without outer wildcards
  bool quoted = false;      // "…" or '…'
  bool open_start = false;  // began with `*`
  bool open_end = false;    // ended with `*`

  bool open() const { return open_start || open_end; }
  // A lone `*`: the question whether the field is there.
  bool anything() const { return open() && text.empty(); }
};

struct Comparison {
  std::vector<std::string> path;  // "facts", "region_code"
  Op op = Op::kEqual;
  Literal value;

  std::string field() const;  // "facts.region_code"
};

// A parsed filter. kAll holds for everything (the empty filter).
struct Expression {
  enum class Kind { kAll, kAnd, kOr, kNot, kCompare };
  Kind kind = Kind::kAll;
  std::vector<Expression> parts;  // of kAnd and kOr two or more, of kNot one
  Comparison comparison;          // of kCompare
};

// INVALID_ARGUMENT (FILTER_INVALID) blaming `field`, with the column of the fault, when the text is
// no filter or passes a limit. Thread-safe.
absl::StatusOr<Expression> Parse(std::string_view text, std::string_view field = "filter");

// The filter with all its parentheses: how people check what they wrote. Parses to the same again.
std::string ToText(const Expression& expression);

// The refusal of a filter, for those who give it a meaning.
absl::Status Invalid(std::string_view field, std::string_view description);

}  // namespace ieum::filter
