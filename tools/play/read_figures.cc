#include <cstdlib>
#include <set>

#include "absl/strings/str_cat.h"
#include "ieum/reporting/v1/metric_service.pb.h"
#include "platform/base/status.h"
#include "tools/play/list_all.h"
#include "tools/play/read_results.h"

namespace ieum::play {
namespace {

using namespace ieum::reporting::v1;  // NOLINT: one contract only

constexpr char kService[] = "/ieum.reporting.v1.MetricService/";

std::string Parent(const Results& results) {
  return fmt::format("programmes/{}/editions/{}", results.programme, results.edition);
}

std::string LastPart(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// What the events of one side make that count.
struct Side {
  std::set<std::string> keys;
  int64_t sum = 0;
  bool sums = false;

  void Take(const Contribution& contribution) {
    keys.insert(contribution.distinct_key());
    sums = sums || !contribution.value().empty();
    sum += std::atoll(contribution.value().c_str());
  }
  int64_t Made() const { return sums ? sum : static_cast<int64_t>(keys.size()); }
};

// The events behind a figure, reduced by distinct key or added up.
absl::Status Explain(Services& services, const std::string& cut_off, Figure& figure) {
  ExplainMetricRequest request;
  request.set_name(figure.metric.name());
  request.set_cut_off_date(cut_off);
  Side above, below;
  RETURN_IF_ERROR(ListAll<ExplainMetricResponse>(
      services, "reporting", absl::StrCat(kService, "ExplainMetric"), request,
      [&](const ExplainMetricResponse& page) {
        for (const Contribution& contribution : page.contributions()) {
          ++figure.events;
          if (contribution.counted()) {
            const bool is_below = contribution.side() == CONTRIBUTION_SIDE_DENOMINATOR;
            (is_below ? below : above).Take(contribution);
          } else {
            ++figure.undone;
          }
        }
      }));
  figure.made = above.Made();
  figure.made_below = below.Made();
  return absl::OkStatus();
}

absl::Status ReadPlan(Services& services, Results& results) {
  ListMetricsRequest request;
  request.set_parent(Parent(results));
  request.set_cut_off_date(results.cut_off_date);
  return ListAll<ListMetricsResponse>(
      services, "reporting", absl::StrCat(kService, "ListMetrics"), request,
      [&](const ListMetricsResponse& page) {
        for (const Metric& metric : page.metrics()) {
          results.figures.push_back({metric, LastPart(metric.name()), true});
        }
      });
}

absl::Status ReadOther(Services& services, const std::string& code, Results& results) {
  GetMetricRequest request;
  request.set_name(absl::StrCat(Parent(results), "/metrics/", code));
  request.set_cut_off_date(results.cut_off_date);
  Figure figure{.code = code};
  RETURN_IF_ERROR(
      services.Call("reporting", absl::StrCat(kService, "GetMetric"), request, &figure.metric));
  results.figures.push_back(std::move(figure));
  return absl::OkStatus();
}

absl::Status ReadFunnel(Services& services, const std::string& code, Results& results) {
  GetFunnelRequest request;
  request.set_name(absl::StrCat(Parent(results), "/funnels/", code));
  request.set_cut_off_date(results.cut_off_date);
  Funnel funnel;
  RETURN_IF_ERROR(
      services.Call("reporting", absl::StrCat(kService, "GetFunnel"), request, &funnel));
  results.funnel_codes[funnel.name()] = code;
  results.funnels.push_back(std::move(funnel));
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadFigures(const Scenario& scenario, Services& services, Results& results) {
  RETURN_IF_ERROR(ReadPlan(services, results));
  std::set<std::string> planned;
  for (const Figure& figure : results.figures) planned.insert(figure.code);
  for (const Entry& entry : scenario.Entries("indicators")) {
    if (!planned.contains(entry.key)) RETURN_IF_ERROR(ReadOther(services, entry.key, results));
  }
  for (Figure& figure : results.figures) {
    RETURN_IF_ERROR(Explain(services, results.cut_off_date, figure));
  }
  for (const Entry& entry : scenario.Entries("funnel_definitions")) {
    RETURN_IF_ERROR(ReadFunnel(services, entry.key, results));
  }
  return absl::OkStatus();
}

}  // namespace ieum::play
