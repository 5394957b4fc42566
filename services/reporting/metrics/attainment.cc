#include "services/reporting/metrics/attainment.h"

namespace ieum::reporting {
namespace {

constexpr int kPercent = 100;
constexpr int kPrintedPlaces = 1;
constexpr int64_t kMetFrom = 100;
constexpr int64_t kNearFrom = 90;

}  // namespace

Attainment Attain(const base::Decimal& actual, const std::string& target, v1::Direction direction) {
  return Attain(actual, base::Decimal(1), target, direction);
}

Attainment Attain(const base::Decimal& actual_top, const base::Decimal& actual_bottom,
                  const std::string& target, v1::Direction direction) {
  Attainment attainment;
  const auto wanted = base::Decimal::Parse(target);
  if (!wanted || actual_bottom.zero()) return attainment;
  const auto whole = base::Decimal::Product(*wanted, actual_bottom);
  if (!whole) return attainment;
  const bool lower = direction == v1::DIRECTION_LOWER;
  const base::Decimal& top = lower ? *whole : actual_top;
  const base::Decimal& bottom = lower ? actual_top : *whole;
  const auto rate = base::Decimal::RoundRatio(top, bottom, kPercent, kPrintedPlaces);
  if (!rate || bottom < base::Decimal(0)) return attainment;
  attainment.rate_percent = *rate;
  const auto at_least = [&](int64_t bound) {
    return base::Decimal::CompareRatio(top, bottom, kPercent, base::Decimal(bound)) >= 0;
  };
  attainment.status = at_least(kMetFrom)    ? v1::METRIC_STATUS_MET
                      : at_least(kNearFrom) ? v1::METRIC_STATUS_NEAR
                                            : v1::METRIC_STATUS_NOT_MET;
  return attainment;
}

std::string StepRate(int64_t count, int64_t before) {
  return base::Decimal::RoundRatio(base::Decimal(count), base::Decimal(before), kPercent,
                                   kPrintedPlaces)
      .value_or("");
}

}  // namespace ieum::reporting
