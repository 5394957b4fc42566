#include "services/casemgmt/engagements/engagement.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/decimal.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

using Step = EngagementStep;

constexpr auto kLead = v1::ENGAGEMENT_STATE_LEAD;
constexpr auto kContacted = v1::ENGAGEMENT_STATE_CONTACTED;
constexpr auto kVisitPlanned = v1::ENGAGEMENT_STATE_VISIT_PLANNED;
constexpr auto kVisited = v1::ENGAGEMENT_STATE_VISITED;
constexpr auto kDiagnosed = v1::ENGAGEMENT_STATE_DIAGNOSED;
constexpr auto kPlanAgreed = v1::ENGAGEMENT_STATE_PLAN_AGREED;
constexpr auto kInProgress = v1::ENGAGEMENT_STATE_IN_PROGRESS;
constexpr auto kResultReported = v1::ENGAGEMENT_STATE_RESULT_REPORTED;
constexpr auto kCompleted = v1::ENGAGEMENT_STATE_COMPLETED;
constexpr auto kFollowedUp = v1::ENGAGEMENT_STATE_FOLLOWED_UP;
constexpr auto kDeclined = v1::ENGAGEMENT_STATE_DECLINED;
constexpr auto kDropped = v1::ENGAGEMENT_STATE_DROPPED;

constexpr auto kEvery = StepScope::kEveryTask;
constexpr auto kConsulting = StepScope::kConsulting;
constexpr auto kForm = StepScope::kTasksWithForm;

constexpr EngagementMove kMoves[] = {
    // The road of every task.
    {Step::kContact, kLead, kContacted, kEvery},
    {Step::kPlanVisit, kContacted, kVisitPlanned, kEvery},
    {Step::kLoseLastPlannedVisit, kVisitPlanned, kContacted, kEvery},
    {Step::kHoldVisit, kVisitPlanned, kVisited, kEvery},
    {Step::kCompleteByForm, kVisited, kCompleted, kForm},
    {Step::kFollowUp, kCompleted, kFollowedUp, kEvery},
    // What consulting does between visit and completion.
    {Step::kDiagnose, kVisited, kDiagnosed, kConsulting},
    {Step::kAgreePlan, kDiagnosed, kPlanAgreed, kConsulting},
    {Step::kStart, kPlanAgreed, kInProgress, kConsulting},
    {Step::kReportResult, kInProgress, kResultReported, kConsulting},
    {Step::kComplete, kResultReported, kCompleted, kConsulting},
    // Further visits keep the state. One that took place may be recorded after completion.
    {Step::kPlanVisit, kVisitPlanned, kVisitPlanned, kEvery},
    {Step::kPlanVisit, kVisited, kVisited, kEvery},
    {Step::kPlanVisit, kDiagnosed, kDiagnosed, kEvery},
    {Step::kPlanVisit, kPlanAgreed, kPlanAgreed, kEvery},
    {Step::kPlanVisit, kInProgress, kInProgress, kEvery},
    {Step::kMoveVisit, kVisitPlanned, kVisitPlanned, kEvery},
    {Step::kMoveVisit, kVisited, kVisited, kEvery},
    {Step::kMoveVisit, kDiagnosed, kDiagnosed, kEvery},
    {Step::kMoveVisit, kPlanAgreed, kPlanAgreed, kEvery},
    {Step::kMoveVisit, kInProgress, kInProgress, kEvery},
    {Step::kMoveVisit, kResultReported, kResultReported, kEvery},
    {Step::kHoldVisit, kVisited, kVisited, kEvery},
    {Step::kHoldVisit, kDiagnosed, kDiagnosed, kEvery},
    {Step::kHoldVisit, kPlanAgreed, kPlanAgreed, kEvery},
    {Step::kHoldVisit, kInProgress, kInProgress, kEvery},
    {Step::kHoldVisit, kResultReported, kResultReported, kEvery},
    {Step::kHoldVisit, kCompleted, kCompleted, kEvery},
    {Step::kHoldVisit, kFollowedUp, kFollowedUp, kEvery},
    // Adopted schemes are recorded from the start of the work on.
    {Step::kAdoptScheme, kInProgress, kInProgress, kEvery},
    {Step::kAdoptScheme, kResultReported, kResultReported, kEvery},
    {Step::kAdoptScheme, kCompleted, kCompleted, kEvery},
    {Step::kAdoptScheme, kFollowedUp, kFollowedUp, kEvery},
    // What the work has changed is asked from its start on.
    {Step::kRediagnose, kInProgress, kInProgress, kConsulting},
    {Step::kRediagnose, kResultReported, kResultReported, kConsulting},
    {Step::kRediagnose, kCompleted, kCompleted, kConsulting},
    {Step::kRediagnose, kFollowedUp, kFollowedUp, kConsulting},
    // A diagnosis gives reason to recommend something; months later somebody looks.
    {Step::kRecommend, kDiagnosed, kDiagnosed, kConsulting},
    {Step::kRecommend, kPlanAgreed, kPlanAgreed, kConsulting},
    {Step::kRecommend, kInProgress, kInProgress, kConsulting},
    {Step::kRecommend, kResultReported, kResultReported, kConsulting},
    {Step::kRecommend, kCompleted, kCompleted, kConsulting},
    {Step::kCheckAdoption, kDiagnosed, kDiagnosed, kConsulting},
    {Step::kCheckAdoption, kPlanAgreed, kPlanAgreed, kConsulting},
    {Step::kCheckAdoption, kInProgress, kInProgress, kConsulting},
    {Step::kCheckAdoption, kResultReported, kResultReported, kConsulting},
    {Step::kCheckAdoption, kCompleted, kCompleted, kConsulting},
    {Step::kCheckAdoption, kFollowedUp, kFollowedUp, kConsulting},
};

bool InScope(StepScope scope, registry::v1::TaskKind task) {
  return scope == StepScope::kEveryTask || (scope == StepScope::kConsulting) == IsConsulting(task);
}

// What any open engagement can do has no row for each state: the state stays, or it ends.
std::optional<v1::EngagementState> StepOfAnyOpen(v1::EngagementState state, Step step) {
  if (!IsOpen(state)) return std::nullopt;
  switch (step) {
    case Step::kReassign:
    case Step::kDraftForm:
      return state;
    case Step::kDecline:
      return kDeclined;
    case Step::kDrop:
      return kDropped;
    default:
      return std::nullopt;
  }
}

}  // namespace

absl::Span<const EngagementMove> EngagementMoves() { return kMoves; }

absl::StatusOr<v1::EngagementState> NextState(registry::v1::TaskKind task,
                                              v1::EngagementState state, EngagementStep step) {
  if (const auto next = StepOfAnyOpen(state, step)) return *next;
  bool known = false, of_task = false;
  for (const EngagementMove& move : kMoves) {
    if (move.step != step) continue;
    known = true;
    if (!InScope(move.scope, task)) continue;
    of_task = true;
    if (move.from == state) return move.to;
  }
  if (known && !of_task) {
    const std::string name = registry::v1::TaskKind_Name(task);
    return base::Forbidden(
        v1::ERROR_REASON_STEP_NOT_OF_TASK,
        absl::StrCat("an engagement of the task ", absl::StripPrefix(name, "TASK_KIND_"),
                     " does not take this step"));
  }
  return base::Forbidden(
      v1::ERROR_REASON_ENGAGEMENT_STATE,
      absl::StrCat("an engagement that is ", StateWord(state), " does not allow this step"),
      {{"state", StateWord(state)}});
}

bool IsOpen(v1::EngagementState state) { return state >= kLead && state <= kResultReported; }

bool IsConsulting(registry::v1::TaskKind task) {
  return task == registry::v1::TASK_KIND_FOCUS_CONSULTING ||
         task == registry::v1::TASK_KIND_CULTURE_CONSULTING;
}

int VisitsNeeded(const Engagement& engagement) {
  const int planned = engagement.plan ? engagement.plan->planned_visit_count : 0;
  return std::max(planned, engagement.terms.min_visits);
}

absl::Status CheckCompletion(const Engagement& engagement, const std::vector<Visit>& visits,
                             const base::Uuid& approver) {
  int held = 0;
  bool approver_visited = engagement.consultant == approver, minutes_missing = false;
  for (const Visit& visit : visits) {
    if (visit.state != v1::VISIT_STATE_HELD) continue;
    ++held;
    approver_visited = approver_visited || visit.consultant == approver;
    minutes_missing = minutes_missing || visit.minutes.empty();
  }
  if (approver_visited) {
    return base::Forbidden(
        v1::ERROR_REASON_APPROVER_IS_CONSULTANT,
        "who has advised the firm cannot approve the result; another person can");
  }
  const int needed = VisitsNeeded(engagement);
  if (held < needed) {
    return base::Forbidden(v1::ERROR_REASON_VISITS_MISSING,
                           absl::StrCat(held, " visits were held, but ", needed, " are needed"),
                           {{"held", absl::StrCat(held)}, {"needed", absl::StrCat(needed)}});
  }
  if (minutes_missing) {
    return base::Forbidden(v1::ERROR_REASON_MINUTES_MISSING,
                           "a held visit has no minutes; record them first");
  }
  if (engagement.terms.second_diagnosis && !engagement.second_diagnosis) {
    return base::Forbidden(v1::ERROR_REASON_DIAGNOSIS_MISSING,
                           "what the work has changed is not known; diagnose the firm again first");
  }
  return absl::OkStatus();
}

namespace {

// nullopt: not a number, or too large to be compared.
std::optional<base::Decimal> ScoreIn(const std::string& text) {
  const auto score = base::Decimal::Parse(text);
  if (!score || *score > base::Decimal(kComparedScoreMax) ||
      *score < base::Decimal(-kComparedScoreMax)) {
    return std::nullopt;
  }
  return score;
}

}  // namespace

absl::Status CheckSecondScore(const std::string& score) {
  if (ScoreIn(score)) return absl::OkStatus();
  return base::InvalidField(
      "INVALID_FIELD", "diagnosis.score",
      absl::StrCat("must be given: a number such as 62.5, of at most ", kComparedScoreMax));
}

std::string DiagnosisGain(const Engagement& engagement) {
  if (!engagement.diagnosis || !engagement.second_diagnosis) return "";
  const auto before = ScoreIn(engagement.diagnosis->score);
  const auto after = ScoreIn(engagement.second_diagnosis->score);
  if (!before || !after) return "";
  const auto less = base::Decimal::Product(*before, base::Decimal(-1));
  return less ? (*after + *less).ToString() : "";
}

absl::Status CheckReasons(registry::v1::TaskKind task,
                          const std::vector<v1::VulnerabilityReason>& reasons) {
  if (reasons.empty() || task == registry::v1::TASK_KIND_FOCUS_CONSULTING) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", "engagement.vulnerability_reasons",
                            "are only given for focus consulting");
}

std::string StateWord(v1::EngagementState state) {
  return std::string(absl::StripPrefix(v1::EngagementState_Name(state), "ENGAGEMENT_STATE_"));
}

std::string EngagementName(const base::Uuid& id) {
  return absl::StrCat("engagements/", id.ToString());
}

}  // namespace ieum::casemgmt
