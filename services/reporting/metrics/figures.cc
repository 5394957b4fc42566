#include "services/reporting/metrics/figures.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/reporting/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "services/reporting/facts/fact_store.h"
#include "services/reporting/indicators/definition.h"
#include "services/reporting/indicators/indicator_store.h"
#include "services/reporting/metrics/attainment.h"
#include "services/reporting/metrics/metric_store.h"
#include "services/reporting/targets/target_store.h"

namespace ieum::reporting {
namespace {

std::string EditionName(const PlanKey& key) {
  return absl::StrCat("programmes/", key.programme, "/editions/", key.edition);
}

void NameCentres(const Scope& scope, google::protobuf::RepeatedPtrField<std::string>* names) {
  for (const std::string& centre : scope.centres.centres()) {
    *names->Add() = absl::StrCat("organizations/", centre);
  }
}

// On the answer of a figure or a funnel.
template <class Answer>
void SayWhat(const Scope& scope, Answer* answer) {
  answer->set_cut_off_date(scope.cut_off_date);
  if (scope.known_by) *answer->mutable_known_time() = base::ToTimestamp(*scope.known_by);
  NameCentres(scope, answer->mutable_centres());
}

void SayAttainment(const Attainment& attainment, v1::Metric* metric) {
  metric->set_rate_percent(attainment.rate_percent);
  metric->set_status(attainment.status);
}

// A ratio is rounded once, from what was counted; its rate goes by the exact quotient.
absl::Status MeasureRatio(db::Tx& tx, const v1::Indicator& indicator, const Scope& scope,
                          const std::string& target, v1::Metric* metric) {
  constexpr int kKeptPlaces = 6;
  ASSIGN_OR_RETURN(const base::Decimal top, Amount(tx, indicator.sources(), scope));
  ASSIGN_OR_RETURN(const base::Decimal bottom, Amount(tx, indicator.denominator_sources(), scope));
  const int factor = std::max(indicator.ratio_factor(), 1);
  metric->set_numerator(top.ToString());
  metric->set_denominator(bottom.ToString());
  metric->set_factor(factor);
  metric->set_actual(base::Decimal::RoundRatio(top, bottom, factor, kKeptPlaces).value_or(""));
  metric->set_printed_actual(
      base::Decimal::RoundRatio(top, bottom, factor, indicator.decimals()).value_or(""));
  const auto whole = base::Decimal::Product(top, base::Decimal(factor));
  if (!whole) return absl::InternalError("a sum has more digits than any figure");
  SayAttainment(Attain(*whole, bottom, target, indicator.direction()), metric);
  return absl::OkStatus();
}

absl::Status Measure(db::Tx& tx, const v1::Indicator& indicator, const Scope& scope,
                     const std::string& target, v1::Metric* metric) {
  if (indicator.aggregation() == v1::AGGREGATION_RATIO) {
    return MeasureRatio(tx, indicator, scope, target, metric);
  }
  ASSIGN_OR_RETURN(const base::Decimal actual, Amount(tx, indicator.sources(), scope));
  metric->set_actual(actual.ToString());
  metric->set_printed_actual(actual.Round(indicator.decimals()));
  SayAttainment(Attain(actual, target, indicator.direction()), metric);
  return absl::OkStatus();
}

// A row of the plan whose indicator nobody has defined yet, or not so that it may be counted: a
// target and nothing counted.
v1::Metric Undefined(const v1::Target& target, const Scope& scope) {
  const PlanKey key = PlanKeyOf(target.name());
  v1::Metric metric;
  metric.set_name(absl::StrCat(EditionName(key), "/metrics/", key.code));
  metric.set_indicator("indicators/" + key.code);
  if (scope.centres.everywhere()) metric.set_target(target.value());
  metric.set_status(v1::METRIC_STATUS_NONE);
  metric.set_area(target.area());
  metric.set_position(target.position());
  SayWhat(scope, &metric);
  return metric;
}

}  // namespace

absl::StatusOr<Scope> ScopeOf(db::Tx& tx, const PlanKey& key, const Moment& moment,
                              const base::Scope& centres) {
  if (!moment.cut_off_date.empty() && !base::ParseDay(moment.cut_off_date, "cut_off_date").ok()) {
    return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, "cut_off_date",
                              "must be a day of the calendar, such as 2023-12-31");
  }
  return Scope{.generation = LiveGeneration(tx),
               .programme = key.programme,
               .edition = key.edition,
               .cut_off_date = moment.cut_off_date,
               .centres = centres,
               .known_by = moment.known_by,
               .today = moment.today};
}

v1::Watermark WatermarkOf(db::Tx& tx, base::Clock& clock) {
  v1::Watermark watermark;
  for (v1::ProducerPosition& position : AppliedPositions(tx)) {
    *watermark.add_producers() = std::move(position);
  }
  if (auto now = clock.Now(); now.ok()) {
    watermark.mutable_read_time()->set_seconds(absl::ToUnixSeconds(*now));
  }
  return watermark;
}

absl::StatusOr<v1::Metric> FigureOf(db::Tx& tx, const PlanKey& key, const Scope& scope) {
  const std::optional<v1::Indicator> indicator = FindIndicator(tx, key.code);
  if (!indicator) return base::NotFound("indicators/" + key.code);
  RETURN_IF_ERROR(CheckTellsNobody(*indicator));
  v1::Target target = FindTarget(tx, key).value_or(v1::Target());
  if (!scope.centres.everywhere()) target.clear_value();
  v1::Metric metric;
  RETURN_IF_ERROR(Measure(tx, *indicator, scope, target.value(), &metric));
  metric.set_name(absl::StrCat(EditionName(key), "/metrics/", key.code));
  metric.set_indicator(indicator->name());
  metric.set_definition_version(indicator->version());
  metric.set_label_ko(indicator->label_ko());
  metric.set_label_en(indicator->label_en());
  metric.set_unit(indicator->unit());
  metric.set_target(target.value());
  metric.set_area(target.area());
  metric.set_position(target.position());
  SayWhat(scope, &metric);
  return metric;
}

absl::StatusOr<std::vector<v1::Metric>> FiguresOfPlan(db::Tx& tx, const PlanKey& edition,
                                                      const Scope& scope) {
  std::vector<v1::Metric> metrics;
  for (const v1::Target& target : TargetsOfEdition(tx, edition)) {
    const PlanKey key = PlanKeyOf(target.name());
    const std::optional<v1::Indicator> indicator = FindIndicator(tx, key.code);
    if (!indicator || !CheckTellsNobody(*indicator).ok()) {
      metrics.push_back(Undefined(target, scope));
      continue;
    }
    ASSIGN_OR_RETURN(v1::Metric metric, FigureOf(tx, key, scope));
    metrics.push_back(std::move(metric));
  }
  return metrics;
}

absl::StatusOr<v1::Funnel> FunnelFigure(db::Tx& tx, const PlanKey& key, const Scope& scope) {
  const std::optional<v1::FunnelDefinition> definition = FindFunnel(tx, key.code);
  if (!definition) return base::NotFound("funnelDefinitions/" + key.code);
  v1::Funnel funnel;
  funnel.set_name(absl::StrCat(EditionName(key), "/funnels/", key.code));
  funnel.set_label_ko(definition->label_ko());
  funnel.set_label_en(definition->label_en());
  SayWhat(scope, &funnel);
  int64_t before = 0;
  for (const std::string& name : definition->steps()) {
    const std::optional<v1::Indicator> indicator = FindIndicator(tx, CodeOf(name));
    if (!indicator) return base::NotFound(name);
    RETURN_IF_ERROR(CheckTellsNobody(*indicator));
    ASSIGN_OR_RETURN(const int64_t count, CountDistinct(tx, *indicator, scope));
    v1::FunnelStep& step = *funnel.add_steps();
    step.set_indicator(name);
    step.set_definition_version(indicator->version());
    step.set_label_ko(indicator->label_ko());
    step.set_label_en(indicator->label_en());
    step.set_count(std::to_string(count));
    if (funnel.steps_size() > 1) step.set_rate_percent(StepRate(count, before));
    before = count;
  }
  return funnel;
}

}  // namespace ieum::reporting
