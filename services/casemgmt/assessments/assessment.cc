#include "services/casemgmt/assessments/assessment.h"

#include <cstdlib>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case.h"

namespace ieum::casemgmt {
namespace {

absl::Status FactorInvalid(std::string_view field, const std::string& why) {
  return base::InvalidField(v1::ERROR_REASON_FACTOR_INVALID, field, why);
}

// "CRISIS"
std::string LevelWord(v1::RiskLevel level) {
  return v1::RiskLevel_Name(level).substr(sizeof("RISK_LEVEL_") - 1);
}

absl::StatusOr<Severities> SeveritiesOf(const Instrument& instrument, const Answers& answers) {
  std::set<std::string> seen;
  Severities severities;
  for (const auto& [code, severity] : answers.severities) {
    if (FindFactor(instrument, code) == nullptr) {
      return FactorInvalid("assessment.factors",
                           absl::StrCat("names ", code, ", which version ", instrument.version,
                                        " of ", instrument.code, " does not ask for"));
    }
    if (!seen.insert(code).second) {
      return FactorInvalid("assessment.factors",
                           absl::StrCat("names ", code, " twice; name each factor once"));
    }
    if (severity > 0) severities[code] = severity;
  }
  return severities;
}

absl::Status CheckOverride(const Answers& answers, v1::RiskLevel computed, bool overridden) {
  if (overridden && answers.override_reason.empty()) {
    return base::InvalidField(v1::ERROR_REASON_OVERRIDE_REASON_MISSING,
                              "assessment.override_reason",
                              absl::StrCat("must say why the level is ", LevelWord(answers.level),
                                           " and not ", LevelWord(computed)));
  }
  if (!overridden && !answers.override_reason.empty()) {
    return base::InvalidField(
        v1::ERROR_REASON_OVERRIDE_REASON_MISSING, "assessment.override_reason",
        absl::StrCat("must be empty: the level is the computed one, ", LevelWord(computed)));
  }
  return absl::OkStatus();
}

// "62.50" as 6250.
int64_t Hundredths(const std::string& points) {
  int64_t hundredths = 0;  // written by ScoreOf, so it is a number
  (void)absl::SimpleAtoi(absl::StrReplaceAll(points, {{".", ""}}), &hundredths);
  return hundredths;
}

}  // namespace

absl::Status Judge(const Instrument& instrument, const Answers& answers, Assessment* assessment) {
  ASSIGN_OR_RETURN(const Severities severities, SeveritiesOf(instrument, answers));
  const Score score = ScoreOf(instrument, severities);
  if (!answers.primary_factor.empty() && !severities.contains(answers.primary_factor)) {
    return FactorInvalid("assessment.primary_factor", "must be a factor with a severity above 0");
  }
  const bool overridden =
      answers.level != v1::RISK_LEVEL_UNSPECIFIED && answers.level != score.level;
  RETURN_IF_ERROR(CheckOverride(answers, score.level, overridden));
  assessment->instrument_id = instrument.id;
  assessment->instrument_code = instrument.code;
  assessment->instrument_version = instrument.version;
  assessment->severities = severities;
  assessment->score = score.points;
  assessment->computed_level = score.level;
  assessment->level = overridden ? answers.level : score.level;
  assessment->override_reason = answers.override_reason;
  const bool named = !answers.primary_factor.empty();
  assessment->primary_factor = named ? answers.primary_factor : score.primary_factor;
  return absl::OkStatus();
}

std::vector<std::string> SensitiveOf(const Instrument& instrument, const Severities& severities) {
  std::vector<std::string> codes;
  for (const Factor& factor : instrument.factors) {
    if (factor.sensitive && severities.contains(factor.code)) codes.push_back(factor.code);
  }
  return codes;
}

absl::Status SensitiveConsentMissing(const std::vector<std::string>& factors) {
  return base::Forbidden(
      v1::ERROR_REASON_SENSITIVE_CONSENT_MISSING,
      absl::StrCat(absl::StrJoin(factors, ", "),
                   " is about health, and no consent to sensitive data was heard of; record the "
                   "consent in registry, or repeat the call when it has just been recorded"));
}

absl::Status DeciderIsAuthor(const std::string& name) {
  return base::Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_APPROVER_IS_AUTHOR,
                     "whoever wrote it does not decide about it, by whichever account; somebody "
                     "else has to",
                     {{"resource", name}});
}

absl::Status Decide(Assessment* assessment, v1::AssessmentState decision, const Staff& decider,
                    absl::CivilDay day) {
  const std::string name = AssessmentName(assessment->case_id, assessment->id);
  if (assessment->state != v1::ASSESSMENT_STATE_SUBMITTED) {
    return base::Forbidden(v1::ERROR_REASON_ASSESSMENT_STATE,
                           "it was decided about already; only a submitted one waits for that",
                           {{"assessment", name}});
  }
  if (SamePerson(assessment->author, decider)) return DeciderIsAuthor(name);
  assessment->state = decision;
  assessment->decider = decider.subject;
  assessment->decided_day = day;
  return absl::OkStatus();
}

absl::Status AnotherWaits(const base::Uuid& case_id) {
  return base::Forbidden(v1::ERROR_REASON_ASSESSMENT_STATE,
                         "an assessment of this case waits for its decision; it is approved or "
                         "returned first",
                         {{"case", CaseName(case_id)}});
}

absl::Status NotApprovedYet(const base::Uuid& case_id) {
  return base::Forbidden(v1::ERROR_REASON_ASSESSMENT_STATE,
                         "the reassessment is not approved yet; it is before there is another plan",
                         {{"case", CaseName(case_id)}});
}

std::string ScoreChange(const std::string& first, const std::string& last) {
  const int64_t change = Hundredths(last) - Hundredths(first);
  const int64_t size = std::abs(change);
  return absl::StrFormat("%s%d.%02d", change < 0 ? "-" : "", size / 100, size % 100);
}

std::vector<SeverityChange> Changes(const Severities& first, const Severities& last) {
  std::set<std::string> codes;
  for (const auto& [code, severity] : first) codes.insert(code);
  for (const auto& [code, severity] : last) codes.insert(code);
  const auto in = [](const Severities& severities, const std::string& code) {
    const auto found = severities.find(code);
    return found == severities.end() ? 0 : found->second;
  };
  std::vector<SeverityChange> changes;
  for (const std::string& code : codes) {
    const SeverityChange change = {code, in(first, code), in(last, code)};
    if (change.first != change.last) changes.push_back(change);
  }
  return changes;
}

std::string AssessmentName(const base::Uuid& case_id, const base::Uuid& id) {
  return absl::StrCat(CaseName(case_id), "/assessments/", id.ToString());
}

}  // namespace ieum::casemgmt
