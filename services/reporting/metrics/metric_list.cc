#include "services/reporting/metrics/metric_list.h"

#include <algorithm>
#include <tuple>

#include "platform/base/status.h"
#include "platform/filter/match.h"
#include "platform/filter/order_by.h"

namespace ieum::reporting {
namespace {

// -1, 0, 1 by the named field.
int Compare(const v1::Metric& a, const v1::Metric& b, const std::string& field) {
  const auto three_way = [](const auto& x, const auto& y) { return x < y ? -1 : (y < x ? 1 : 0); };
  if (field == "indicator") return three_way(a.indicator(), b.indicator());
  if (field == "area") return three_way(a.area(), b.area());
  if (field == "status") return three_way(a.status(), b.status());
  return three_way(a.position(), b.position());
}

// The words double as columns: what is ordered here are values in memory.
const filter::FieldMap& Orderable() {
  static const auto* fields = new filter::FieldMap{{"indicator", filter::Text("indicator")},
                                                   {"area", filter::Text("area")},
                                                   {"status", filter::Int("status")},
                                                   {"position", filter::Int("position")}};
  return *fields;
}

}  // namespace

absl::StatusOr<std::vector<v1::Metric>> Arrange(std::vector<v1::Metric> metrics,
                                                const std::string& filter_text,
                                                const std::string& order_by) {
  ASSIGN_OR_RETURN(const filter::Expression expression, filter::Parse(filter_text));
  RETURN_IF_ERROR(filter::CheckFor(expression, *v1::Metric::descriptor()));
  ASSIGN_OR_RETURN(const std::vector<filter::OrderTerm> terms,
                   filter::ParseOrderBy(order_by, Orderable()));
  std::erase_if(metrics, [&](const v1::Metric& m) { return !filter::Matches(expression, m); });
  std::sort(metrics.begin(), metrics.end(), [&](const v1::Metric& a, const v1::Metric& b) {
    for (const filter::OrderTerm& term : terms) {
      const int order = Compare(a, b, term.field->column);
      if (order != 0) return term.descending ? order > 0 : order < 0;
    }
    return std::forward_as_tuple(a.position(), a.indicator()) <
           std::forward_as_tuple(b.position(), b.indicator());
  });
  return metrics;
}

}  // namespace ieum::reporting
