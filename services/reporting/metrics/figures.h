// Metrics and funnels put together from definitions, targets and facts, all in one snapshot.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/reporting/v1/metric_service.pb.h"
#include "platform/base/clock.h"
#include "platform/db/tx.h"
#include "services/reporting/metrics/contributions.h"
#include "services/reporting/targets/target.h"

namespace ieum::reporting {

// Up to when facts count: by their day, and by when they were known; and which days have come.
struct Moment {
  std::string cut_off_date;  // ISO, inclusive; empty = all
  std::optional<absl::Time> known_by = std::nullopt;
  std::optional<absl::CivilDay> today = std::nullopt;  // nullopt = every day has come
};

// The live facts of an edition and of these centres. DATE_INVALID when the cut-off is no date of
// the calendar.
absl::StatusOr<Scope> ScopeOf(db::Tx& tx, const PlanKey& key, const Moment& moment,
                              const base::Scope& centres);

// How far the facts are; with the business time when the clock has one.
v1::Watermark WatermarkOf(db::Tx& tx, base::Clock& clock);

// NOT_FOUND when the indicator is not defined. An indicator outside of the plan has no target, and
// neither has a part of the suite: targets are the suite's.
absl::StatusOr<v1::Metric> FigureOf(db::Tx& tx, const PlanKey& key, const Scope& scope);
// All of the edition's plan, in the order of the report.
absl::StatusOr<std::vector<v1::Metric>> FiguresOfPlan(db::Tx& tx, const PlanKey& edition,
                                                      const Scope& scope);
absl::StatusOr<v1::Funnel> FunnelFigure(db::Tx& tx, const PlanKey& key, const Scope& scope);

}  // namespace ieum::reporting
