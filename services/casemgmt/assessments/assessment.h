// One time a woman was asked for her needs and risks (욕구·위기도 조사), and what may be said of
// it. Sources: domain.md §2 (states 3 and 9, override with a reason), §6 L09 (health needs a
// consent of its own). Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/casemgmt/assessments/instrument.h"
#include "services/casemgmt/references/staff.h"

namespace ieum::casemgmt {

struct Assessment {
  base::Uuid id, case_id;
  int version = 0;  // from 1 within the case
  v1::AssessmentState state = v1::ASSESSMENT_STATE_SUBMITTED;
  bool reassessment = false;
  base::Uuid instrument_id;
  std::string instrument_code;
  int instrument_version = 0;
  Severities severities;  // those above 0
  std::string score;      // "62.50"
  v1::RiskLevel computed_level = v1::RISK_LEVEL_UNSPECIFIED, level = v1::RISK_LEVEL_UNSPECIFIED;
  std::string primary_factor;
  std::string override_reason, needs, return_comment;  // words; "" once she is erased
  absl::CivilDay assessed_day;
  Staff author;
  std::optional<base::Uuid> decider;  // subject
  std::optional<absl::CivilDay> decided_day;
  absl::Time create_time, update_time;
};

// What was answered, as it came.
struct Answers {
  std::vector<std::pair<std::string, int>> severities;  // code and severity, in the caller's order
  v1::RiskLevel level = v1::RISK_LEVEL_UNSPECIFIED;     // unspecified = the computed one
  std::string override_reason;
  std::string primary_factor;  // "" = the one that weighs most
};

// Score, levels and primary factor of what was answered. FACTOR_INVALID for a factor that is not
// the instrument's or comes twice, and for a primary one without severity; OVERRIDE_REASON_MISSING
// for a level that is not the computed one without a reason, and for a reason without such a level.
absl::Status Judge(const Instrument& instrument, const Answers& answers, Assessment* assessment);

// Factors about health that were answered above 0.
std::vector<std::string> SensitiveOf(const Instrument& instrument, const Severities& severities);
// SENSITIVE_CONSENT_MISSING for those factors. law:L09
absl::Status SensitiveConsentMissing(const std::vector<std::string>& factors);

// The supervisor decides about it. ASSESSMENT_STATE unless it waits for that, APPROVER_IS_AUTHOR
// where the decider is who recorded it; a refusal changes nothing.
absl::Status Decide(Assessment* assessment, v1::AssessmentState decision, const Staff& decider,
                    absl::CivilDay day);

// ASSESSMENT_STATE: another one waits for its decision, or none was approved yet.
absl::Status AnotherWaits(const base::Uuid& case_id);
absl::Status NotApprovedYet(const base::Uuid& case_id);
// APPROVER_IS_AUTHOR, of anything that one writes and another decides about.
absl::Status DeciderIsAuthor(const std::string& name);

// Last − first, of the points as they are printed; "-12.50".
std::string ScoreChange(const std::string& first, const std::string& last);

// A factor whose severity is another one now.
struct SeverityChange {
  std::string code;
  int first = 0, last = 0;
};
std::vector<SeverityChange> Changes(const Severities& first, const Severities& last);

std::string AssessmentName(const base::Uuid& case_id, const base::Uuid& id);

}  // namespace ieum::casemgmt
