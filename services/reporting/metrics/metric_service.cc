#include "services/reporting/metrics/metric_service.h"

#include <algorithm>

#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/rpc/paging.h"
#include "services/reporting/indicators/indicator_store.h"
#include "services/reporting/metrics/figures.h"
#include "services/reporting/metrics/metric_list.h"
#include "services/reporting/metrics/metric_store.h"

namespace ieum::reporting {
namespace {

// Whose facts the caller asks for: those of one of his centres, or of all of them.
absl::StatusOr<base::Scope> CentresAsked(const rpc::Call& call, const std::string& centre) {
  if (centre.empty()) return call.scope();
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("organizations/{}", centre, "centre"));
  ASSIGN_OR_RETURN(const auto chosen, base::ChosenCentre(call.scope(), ids[0], "centre"));
  return base::Scope::Of({base::CentreText(chosen)});
}

// Up to when facts count. Nobody knows what will be known; while the clock has no time, no day has
// come.
template <class Request>
absl::StatusOr<Moment> MomentAsked(const Request& request, base::Clock& clock) {
  const absl::StatusOr<absl::Time> now = clock.Now();
  Moment moment{.cut_off_date = request.cut_off_date()};
  moment.today = base::KoreaDay(now.value_or(absl::UnixEpoch()));
  if (!request.has_read_time()) return moment;
  if (!now.ok()) return now.status();
  moment.known_by = std::max(base::InstantOf(request.read_time()), absl::UnixEpoch());
  moment.today = base::KoreaDay(*moment.known_by);
  if (*moment.known_by <= *now) return moment;
  return base::InvalidField("INVALID_FIELD", "read_time", "must not lie in the future");
}

// Fills one page from a list that is in order; the cursor is the name where the page before ended.
void FillPage(const std::vector<v1::Metric>& metrics, int page_size, const filter::Cursor& after,
              v1::ListMetricsResponse* response, filter::Cursor* next) {
  size_t at = 0;
  if (!after.empty()) {
    while (at < metrics.size() && metrics[at].name() != after[0].value_or("")) ++at;
    ++at;
  }
  for (; at < metrics.size(); ++at) {
    if (response->metrics_size() == page_size) {
      *next = {metrics[at - 1].name()};
      return;
    }
    *response->add_metrics() = metrics[at];
  }
}

}  // namespace

void MetricDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.reporting.v1.MetricService");
  routes.Unary("GetMetric", this, &MetricDoor::Get);
  routes.Unary("ListMetrics", this, &MetricDoor::List);
  routes.Unary("GetFunnel", this, &MetricDoor::GetFunnel);
  routes.Unary("ExplainMetric", this, &MetricDoor::Explain);
}

absl::StatusOr<v1::Metric> MetricDoor::Get(rpc::Call& call, const v1::GetMetricRequest& request) {
  const PlanKey key = PlanKeyOf(request.name());
  ASSIGN_OR_RETURN(const base::Scope centres, CentresAsked(call, request.centre()));
  ASSIGN_OR_RETURN(const Moment moment, MomentAsked(request, clock_));
  v1::Metric metric;
  RETURN_IF_ERROR(database_.Read("metric_get", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const Scope scope, ScopeOf(tx, key, moment, centres));
    ASSIGN_OR_RETURN(metric, FigureOf(tx, key, scope));
    *metric.mutable_watermark() = WatermarkOf(tx, clock_);
    return absl::OkStatus();
  }));
  return metric;
}

absl::StatusOr<v1::ListMetricsResponse> MetricDoor::List(rpc::Call& call,
                                                         const v1::ListMetricsRequest& request) {
  const PlanKey edition = PlanKeyOf(request.parent());
  ASSIGN_OR_RETURN(const base::Scope centres, CentresAsked(call, request.centre()));
  ASSIGN_OR_RETURN(const Moment moment, MomentAsked(request, clock_));
  ASSIGN_OR_RETURN(const int page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const filter::Cursor after,
                   rpc::OpenPageToken(call.scope(), request, page_key_));
  v1::ListMetricsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("metric_list", [&](db::Tx& tx) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const Scope scope, ScopeOf(tx, edition, moment, centres));
    ASSIGN_OR_RETURN(std::vector<v1::Metric> metrics, FiguresOfPlan(tx, edition, scope));
    ASSIGN_OR_RETURN(metrics, Arrange(std::move(metrics), request.filter(), request.order_by()));
    FillPage(metrics, page_size, after, &response, &next);
    const v1::Watermark watermark = WatermarkOf(tx, clock_);
    for (v1::Metric& metric : *response.mutable_metrics()) *metric.mutable_watermark() = watermark;
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Funnel> MetricDoor::GetFunnel(rpc::Call& call,
                                                 const v1::GetFunnelRequest& request) {
  const PlanKey key = PlanKeyOf(request.name());
  ASSIGN_OR_RETURN(const base::Scope centres, CentresAsked(call, request.centre()));
  ASSIGN_OR_RETURN(const Moment moment, MomentAsked(request, clock_));
  v1::Funnel funnel;
  RETURN_IF_ERROR(database_.Read("funnel_figure", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const Scope scope, ScopeOf(tx, key, moment, centres));
    ASSIGN_OR_RETURN(funnel, FunnelFigure(tx, key, scope));
    *funnel.mutable_watermark() = WatermarkOf(tx, clock_);
    return absl::OkStatus();
  }));
  return funnel;
}

absl::StatusOr<v1::ExplainMetricResponse> MetricDoor::Explain(
    rpc::Call& call, const v1::ExplainMetricRequest& request) {
  const PlanKey key = PlanKeyOf(request.name());
  ASSIGN_OR_RETURN(const base::Scope centres, CentresAsked(call, request.centre()));
  ASSIGN_OR_RETURN(const Moment moment, MomentAsked(request, clock_));
  ASSIGN_OR_RETURN(const int page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const filter::Cursor after,
                   rpc::OpenPageToken(call.scope(), request, page_key_));
  v1::ExplainMetricResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("metric_explain", [&](db::Tx& tx) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const Scope scope, ScopeOf(tx, key, moment, centres));
    ASSIGN_OR_RETURN(*response.mutable_metric(), FigureOf(tx, key, scope));
    *response.mutable_metric()->mutable_watermark() = WatermarkOf(tx, clock_);
    const std::optional<v1::Indicator> indicator = FindIndicator(tx, key.code);
    ASSIGN_OR_RETURN(ContributionPage page,
                     ReadContributions(tx, *indicator, scope, page_size, after));
    for (v1::Contribution& one : page.contributions) {
      *response.add_contributions() = std::move(one);
    }
    next = std::move(page.next);
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::reporting
