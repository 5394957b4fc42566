// A risk instrument (위기도 조사지) and the score that it gives: data, not code. Sources: domain.md
// §2 (risk factors, levels) and §7.3 (the score is exact, levels are half-open). Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/decimal.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

// What a case is assessed with when nobody names an instrument.
inline constexpr char kRiskInstrument[] = "RISK";
inline constexpr int kMaxSeverity = 4;

struct Factor {
  std::string code;  // "RF02"
  std::string label, label_en;
  base::Decimal weight{1};  // of a severity of 1
  bool sensitive = false;   // about health (law:L09)
};

// One version; never changed.
struct Instrument {
  base::Uuid id;
  std::string code;
  int version = 0;  // from 1 within the code
  std::string label, label_en;
  base::Decimal full{24};       // the sum of severity × weight that is 100 points
  std::vector<Factor> factors;  // in the order of the form
  absl::Time create_time;
};

// By code of a factor; what is not there has severity 0.
using Severities = std::map<std::string, int>;

// INSTRUMENT_INVALID blaming the field: a factor twice, or 100 points that are no sum above 0.
absl::Status CheckInstrument(const Instrument& instrument);

const Factor* FindFactor(const Instrument& instrument, const std::string& code);

struct Score {
  std::string points;  // min(100, 100 × Σ(severity × weight) ÷ full), two places, HALF_UP
  v1::RiskLevel level = v1::RISK_LEVEL_LOW;  // of the unrounded points
  std::string primary_factor;  // of the largest severity × weight, the first of equals; "" = none
};
// Every code of `severities` is the instrument's.
Score ScoreOf(const Instrument& instrument, const Severities& severities);

std::string InstrumentName(const base::Uuid& id);

}  // namespace ieum::casemgmt
