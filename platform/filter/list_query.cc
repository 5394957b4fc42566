#include "platform/filter/list_query.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::filter {
namespace {

std::string Bind(Sql* sql, const std::string& value, Type type) {
  sql->params.push_back(value);
  return absl::StrCat("$", sql->params.size(), "::", SqlType(type));
}

// Rows that come after `value` in the term's order; absent values are the greatest.
std::string After(const OrderTerm& term, const std::optional<std::string>& value, Sql* sql) {
  const std::string column = term.Expression();
  if (!value) return term.descending ? absl::StrCat(column, " IS NOT NULL") : "FALSE";
  const std::string param = Bind(sql, *value, term.field->type);
  if (term.descending) return absl::StrCat(column, " < ", param);
  if (!term.field->nullable) return absl::StrCat(column, " > ", param);
  return absl::StrCat("(", column, " > ", param, " OR ", column, " IS NULL)");
}

std::string Same(const OrderTerm& term, const std::optional<std::string>& value, Sql* sql) {
  const std::string column = term.Expression();
  if (!value) return absl::StrCat(column, " IS NULL");
  return absl::StrCat(column, " = ", Bind(sql, *value, term.field->type));
}

// One direction and no NULL: a row comparison, which an index can answer.
bool ComparesAsRow(const std::vector<OrderTerm>& order) {
  return std::all_of(order.begin(), order.end(), [&](const OrderTerm& term) {
    return term.descending == order[0].descending && !term.field->nullable;
  });
}

std::string RowAfter(const std::vector<OrderTerm>& order, const Cursor& after, Sql* sql) {
  std::string columns, values;
  for (size_t at = 0; at < order.size(); ++at) {
    const char* comma = at == 0 ? "" : ", ";
    absl::StrAppend(&columns, comma, order[at].Expression());
    absl::StrAppend(&values, comma, Bind(sql, after[at].value_or(""), order[at].field->type));
  }
  return absl::StrCat("(", columns, ") ", order[0].descending ? "<" : ">", " (", values, ")");
}

// The key ends every order, so that no two rows are equal in it.
void EndWithKey(const ListSpec& spec, std::vector<OrderTerm>* order) {
  const Field* key = spec.fields.Find(spec.key);
  const auto named = std::find_if(order->begin(), order->end(),
                                  [&](const OrderTerm& term) { return term.field == key; });
  if (named != order->end()) {
    order->erase(named + 1, order->end());
    return;
  }
  const bool descending = !order->empty() && order->back().descending;
  order->push_back({key, descending});
}

}  // namespace

absl::StatusOr<ListQuery> ListQuery::Make(const ListSpec& spec, std::string_view filter,
                                          std::string_view order_by, int page_size, Cursor after,
                                          const base::Scope& scope) {
  ListQuery query(spec, page_size);
  ASSIGN_OR_RETURN(const Expression expression, Parse(filter));
  ASSIGN_OR_RETURN(query.condition_, filter::ToSql(expression, spec.fields));
  query.Within(scope);
  const bool ordered = order_by.find_first_not_of(" \t") != std::string_view::npos;
  ASSIGN_OR_RETURN(query.order_,
                   ParseOrderBy(ordered ? order_by : spec.default_order, spec.fields));
  EndWithKey(spec, &query.order_);
  if (!after.empty() && after.size() != query.order_.size()) {
    return base::InvalidField(platform::v1::ERROR_REASON_PAGE_TOKEN_INVALID, "page_token",
                              "is of another list; start with the first page");
  }
  query.after_ = std::move(after);
  return query;
}

// The statement is planned with its values: what is everywhere costs nothing, and one centre is
// found by an index that also has the rows in order.
void ListQuery::Within(const base::Scope& scope) {
  if (spec_->centres.empty()) return;
  const bool one = scope.centres().size() == 1;
  std::vector<std::string>& params = condition_.params;
  params.push_back(scope.everywhere() ? "true" : "false");
  const std::string everywhere = absl::StrCat("$", params.size(), "::boolean");
  params.push_back(one ? scope.centres().front() : scope.AsArray());
  const std::string centres = one ? absl::StrCat(" = $", params.size(), "::uuid")
                                  : absl::StrCat(" = ANY($", params.size(), "::uuid[])");
  absl::StrAppend(&condition_.text, " AND (", everywhere);
  for (const std::string& column : spec_->centres) {
    absl::StrAppend(&condition_.text, " OR ", column, centres);
  }
  absl::StrAppend(&condition_.text, ")");
}

void ListQuery::Where(std::string_view condition, const std::vector<std::string>& values) {
  std::string text;
  auto value = values.begin();
  for (size_t at = 0; at < condition.size(); ++at) {
    if (value != values.end() && condition.substr(at, 2) == "{}") {
      condition_.params.push_back(*value++);
      absl::StrAppend(&text, "$", condition_.params.size());
      ++at;
    } else {
      text.push_back(condition[at]);
    }
  }
  absl::StrAppend(&condition_.text, " AND (", text, ")");
}

std::string ListQuery::Keyset(Sql* sql) const {
  if (after_.empty()) return "TRUE";
  if (ComparesAsRow(order_)) return RowAfter(order_, after_, sql);
  std::string text;
  for (size_t at = 0; at < order_.size(); ++at) {
    absl::StrAppend(&text, at == 0 ? "(" : " OR (");
    for (size_t before = 0; before < at; ++before) {
      absl::StrAppend(&text, Same(order_[before], after_[before], sql), " AND ");
    }
    absl::StrAppend(&text, After(order_[at], after_[at], sql), ")");
  }
  return absl::StrCat("(", text, ")");
}

Sql ListQuery::ToSql() const {
  Sql sql = condition_;
  const std::string keyset = Keyset(&sql);
  std::string cursor;
  for (const OrderTerm& term : order_)
    absl::StrAppend(&cursor, ", (", term.field->column, ")::text");
  sql.text = absl::StrCat("SELECT ", spec_->columns, cursor, " FROM ", spec_->from, " WHERE (",
                          spec_->fixed, ") AND ", condition_.text, " AND ", keyset,
                          OrderClause(order_), " LIMIT ", page_size_ + 1);
  return sql;
}

}  // namespace ieum::filter
