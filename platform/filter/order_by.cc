#include "platform/filter/order_by.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/echo.h"
#include "platform/base/status.h"
#include "platform/filter/expression.h"

namespace ieum::filter {
namespace {

constexpr char kBlamed[] = "order_by";

absl::StatusOr<OrderTerm> ParseTerm(absl::string_view text, const FieldMap& fields) {
  const std::vector<std::string> words =
      absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  const bool descending = words.size() == 2 && words[1] == "desc";
  const bool ascending = words.size() == 1 || (words.size() == 2 && words[1] == "asc");
  if (!descending && !ascending) {
    return Invalid(kBlamed, "is a list such as `display_name, create_time desc`");
  }
  const Field* field = fields.Find(words[0]);
  if (field == nullptr) {
    return Invalid(kBlamed, absl::StrCat("there is no field ", base::Echo(words[0]),
                                         "; there are: ", fields.Names()));
  }
  if (field->type == Type::kTextArray) {
    return Invalid(kBlamed, absl::StrCat(words[0], " has several values and no order"));
  }
  return OrderTerm{field, descending};
}

bool Named(const std::vector<OrderTerm>& terms, const Field* field) {
  for (const OrderTerm& term : terms) {
    if (term.field == field) return true;
  }
  return false;
}

}  // namespace

std::string OrderTerm::Expression() const {
  return field->type == Type::kText ? absl::StrCat(field->column, " COLLATE \"C\"") : field->column;
}

absl::StatusOr<std::vector<OrderTerm>> ParseOrderBy(std::string_view text, const FieldMap& fields) {
  std::vector<OrderTerm> terms;
  if (text.find_first_not_of(" \t") == std::string_view::npos) return terms;
  for (absl::string_view part : absl::StrSplit(absl::string_view(text.data(), text.size()), ',')) {
    if (terms.size() == kMaxOrderTerms) {
      return Invalid(kBlamed, absl::StrCat("has more than ", kMaxOrderTerms, " fields"));
    }
    ASSIGN_OR_RETURN(const OrderTerm term, ParseTerm(part, fields));
    if (Named(terms, term.field)) return Invalid(kBlamed, "names a field twice");
    terms.push_back(term);
  }
  return terms;
}

std::string OrderClause(const std::vector<OrderTerm>& terms) {
  std::string clause;
  for (const OrderTerm& term : terms) {
    absl::StrAppend(&clause, clause.empty() ? " ORDER BY " : ", ", term.Expression(),
                    term.descending ? " DESC NULLS FIRST" : " ASC NULLS LAST");
  }
  return clause;
}

}  // namespace ieum::filter
