// How an actual stands against its target. Exact decimals; rounding only in what is printed. Pure.
#pragma once

#include <string>

#include "ieum/reporting/v1/indicator_service.pb.h"
#include "ieum/reporting/v1/metric_service.pb.h"
#include "platform/base/decimal.h"

namespace ieum::reporting {

struct Attainment {
  std::string rate_percent;  // one decimal, HALF_UP; empty = none
  v1::MetricStatus status = v1::METRIC_STATUS_NONE;
};

// rate = actual ÷ target × 100 (HIGHER) or target ÷ actual × 100 (LOWER). MET from 100, NEAR from
// 90, by the unrounded rate: 99.96 prints 100.0 and is NEAR. No target, or a denominator of zero:
// no rate.
Attainment Attain(const base::Decimal& actual, const std::string& target, v1::Direction direction);
// The same of an actual that is top ÷ bottom, which is not rounded in between. None where the
// bottom is zero, or too great to be exact.
Attainment Attain(const base::Decimal& top, const base::Decimal& bottom, const std::string& target,
                  v1::Direction direction);

// Share of a step of the step before, in per cent with one decimal; empty when that was zero.
std::string StepRate(int64_t count, int64_t before);

}  // namespace ieum::reporting
