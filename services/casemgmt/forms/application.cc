#include "services/casemgmt/forms/application.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/engagements/engagement.h"

namespace ieum::casemgmt {
namespace {

using Step = FormStep;

constexpr auto kDraft = v1::APPLICATION_STATE_DRAFT;
constexpr auto kSubmitted = v1::APPLICATION_STATE_SUBMITTED;
constexpr auto kReceived = v1::APPLICATION_STATE_RECEIVED;
constexpr auto kEligible = v1::APPLICATION_STATE_ELIGIBLE;
constexpr auto kIneligible = v1::APPLICATION_STATE_INELIGIBLE;
constexpr auto kForwarded = v1::APPLICATION_STATE_FORWARDED;
constexpr auto kResultRecorded = v1::APPLICATION_STATE_RESULT_RECORDED;
constexpr auto kWithdrawn = v1::APPLICATION_STATE_WITHDRAWN;

struct FormMove {
  Step step;
  v1::ApplicationState from, to;
};

constexpr FormMove kMoves[] = {
    {Step::kRevise, kDraft, kDraft},
    {Step::kSubmit, kDraft, kSubmitted},
    {Step::kReceive, kSubmitted, kReceived},
    // Where another body decides.
    {Step::kForward, kReceived, kForwarded},
    {Step::kRecordResult, kForwarded, kResultRecorded},
    // Where registry's rules decide. A firm that waited gets its seat later.
    {Step::kAdmit, kReceived, kEligible},
    {Step::kAdmit, kEligible, kEligible},
    {Step::kWait, kReceived, kEligible},
    {Step::kRefuse, kReceived, kIneligible},
    {Step::kWithdrawWithEnrolment, kReceived, kWithdrawn},
    {Step::kWithdrawWithEnrolment, kEligible, kWithdrawn},
    // Taken back.
    {Step::kWithdraw, kDraft, kWithdrawn},
    {Step::kWithdraw, kSubmitted, kWithdrawn},
    {Step::kWithdraw, kReceived, kWithdrawn},
    {Step::kWithdraw, kEligible, kWithdrawn},
    {Step::kWithdraw, kForwarded, kWithdrawn},
    {Step::kWithdrawWithEngagement, kDraft, kWithdrawn},
    {Step::kWithdrawWithEngagement, kSubmitted, kWithdrawn},
    {Step::kWithdrawWithEngagement, kReceived, kWithdrawn},
};

constexpr int kGradeYears = 3;
constexpr int kScoreMax = 1000;

absl::Status ScoreInvalid(std::string_view description) {
  return base::InvalidField(v1::ERROR_REASON_SCORE_INVALID, "score", description);
}

}  // namespace

absl::StatusOr<v1::ApplicationState> NextState(v1::ApplicationState state, FormStep step) {
  for (const FormMove& move : kMoves) {
    if (move.step == step && move.from == state) return move.to;
  }
  const std::string name = v1::ApplicationState_Name(state);
  const std::string word(absl::StripPrefix(name, "APPLICATION_STATE_"));
  return base::Forbidden(v1::ERROR_REASON_APPLICATION_STATE,
                         absl::StrCat("a form that is ", word, " does not allow this step"),
                         {{"state", word}});
}

bool CompletesEngagement(registry::v1::TaskKind task, registry::v1::AdmissionMode admission,
                         FormStep step) {
  if (IsConsulting(task)) return false;
  if (admission == registry::v1::ADMISSION_MODE_EXTERNAL) return step == FormStep::kForward;
  return step == FormStep::kReceive;
}

absl::Status CheckAnswers(const std::vector<FormAnswer>& answers, std::string_view field) {
  std::set<std::string> codes;
  for (const FormAnswer& answer : answers) {
    if (codes.insert(answer.item_code).second) continue;
    return base::InvalidField("INVALID_FIELD", field,
                              absl::StrCat("answers the item ", answer.item_code, " twice"));
  }
  return absl::OkStatus();
}

bool Changes(const Application& application, const Verdict& verdict) {
  if (application.enrolment && *application.enrolment != verdict.enrolment_id) return false;
  if (!NextState(application.state, verdict.step).ok()) return false;
  return application.state != kEligible || verdict.step != Step::kAdmit || application.waiting;
}

v1::Grade GradeOf(const base::Decimal& score) {
  if (score >= base::Decimal(700)) return v1::GRADE_SS;
  if (score >= base::Decimal(600)) return v1::GRADE_S;
  if (score >= base::Decimal(500)) return v1::GRADE_A;
  return v1::GRADE_NONE;
}

absl::CivilDay ValidUntil(absl::CivilDay day) {
  const absl::CivilDay first = day + 1;
  return absl::CivilDay(first.year() + kGradeYears, first.month(), first.day()) - 1;
}

absl::StatusOr<ExternalResult> JudgeResult(v1::ExternalOutcome outcome, std::string_view score,
                                           absl::CivilDay day) {
  ExternalResult result{.day = day, .outcome = outcome, .score = std::string(score)};
  if (score.empty()) return result;
  if (outcome != v1::EXTERNAL_OUTCOME_SELECTED) {
    return ScoreInvalid("is only given for a firm that was selected");
  }
  const auto exact = base::Decimal::Parse(score);
  if (!exact || *exact < base::Decimal(0) || *exact > base::Decimal(kScoreMax)) {
    return ScoreInvalid("must be a number from 0 to 1000 such as 599.5");
  }
  result.grade = GradeOf(*exact);
  if (result.grade != v1::GRADE_NONE) result.valid_until = ValidUntil(day);
  return result;
}

std::string ReceiptNumber(const Application& application, int64_t number) {
  return absl::StrFormat("%s.%s.%s.%03d", application.programme, application.campaign_code,
                         application.edition, number);
}

std::string ApplicationName(const base::Uuid& id) {
  return absl::StrCat("applications/", id.ToString());
}

}  // namespace ieum::casemgmt
