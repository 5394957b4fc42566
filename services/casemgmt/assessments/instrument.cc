#include "services/casemgmt/assessments/instrument.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

constexpr int64_t kPoints = 100;

base::Decimal Times(int severity, const base::Decimal& weight) {
  base::Decimal product;
  for (int at = 0; at < severity; ++at) product = product + weight;
  return product;
}

bool AtLeast(const base::Decimal& sum, const base::Decimal& full, int64_t points) {
  return base::Decimal::CompareRatio(sum, full, kPoints, base::Decimal(points)) >= 0;
}

v1::RiskLevel LevelOf(const base::Decimal& sum, const base::Decimal& full) {
  if (AtLeast(sum, full, 75)) return v1::RISK_LEVEL_CRISIS;
  if (AtLeast(sum, full, 50)) return v1::RISK_LEVEL_HIGH;
  if (AtLeast(sum, full, 25)) return v1::RISK_LEVEL_CAUTION;
  return v1::RISK_LEVEL_LOW;
}

}  // namespace

absl::Status CheckInstrument(const Instrument& instrument) {
  const base::Decimal zero;
  if (instrument.full <= zero) {
    return base::InvalidField(v1::ERROR_REASON_INSTRUMENT_INVALID, "instrument.full",
                              "must be above 0: it is the sum that is 100 points");
  }
  std::set<std::string> codes;
  for (const Factor& factor : instrument.factors) {
    if (codes.insert(factor.code).second) continue;
    return base::InvalidField(v1::ERROR_REASON_INSTRUMENT_INVALID, "instrument.factors",
                              absl::StrCat("names ", factor.code, " twice; name each factor once"));
  }
  return absl::OkStatus();
}

const Factor* FindFactor(const Instrument& instrument, const std::string& code) {
  for (const Factor& factor : instrument.factors) {
    if (factor.code == code) return &factor;
  }
  return nullptr;
}

Score ScoreOf(const Instrument& instrument, const Severities& severities) {
  base::Decimal sum, most;
  Score score;
  for (const Factor& factor : instrument.factors) {
    const auto asked = severities.find(factor.code);
    if (asked == severities.end()) continue;
    const base::Decimal product = Times(asked->second, factor.weight);
    sum = sum + product;
    if (product > most) {
      most = product;
      score.primary_factor = factor.code;
    }
  }
  score.level = LevelOf(sum, instrument.full);
  const bool capped = AtLeast(sum, instrument.full, kPoints);
  score.points =
      capped ? "100.00" : base::Decimal::RoundRatio(sum, instrument.full, kPoints, 2).value_or("");
  return score;
}

std::string InstrumentName(const base::Uuid& id) {
  return absl::StrCat("instruments/", id.ToString());
}

}  // namespace ieum::casemgmt
