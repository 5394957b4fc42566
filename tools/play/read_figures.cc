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

// The events behind a figure, reduced by distinct key.
absl::Status Explain(Services& services, const std::string& cut_off, Figure& figure) {
  ExplainMetricRequest request;
  request.set_name(figure.metric.name());
  request.set_cut_off_date(cut_off);
  std::set<std::string> keys;
  RETURN_IF_ERROR(ListAll<ExplainMetricResponse>(
      services, "reporting", absl::StrCat(kService, "ExplainMetric"), request,
      [&](const ExplainMetricResponse& page) {
        for (const Contribution& contribution : page.contributions()) {
          ++figure.events;
          if (contribution.counted()) {
            keys.insert(contribution.distinct_key());
          } else {
            ++figure.undone;
          }
        }
      }));
  figure.distinct_keys = static_cast<int>(keys.size());
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
