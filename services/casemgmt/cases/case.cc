#include "services/casemgmt/cases/case.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/calendar_rules.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

using Step = CaseStep;

constexpr auto kReferred = v1::CASE_STATE_REFERRED;
constexpr auto kConsult = v1::CASE_STATE_INITIAL_CONSULT;
constexpr auto kIntake = v1::CASE_STATE_INTAKE;
constexpr auto kAssessment = v1::CASE_STATE_ASSESSMENT;
constexpr auto kConference = v1::CASE_STATE_CONFERENCE;
constexpr auto kClassified = v1::CASE_STATE_CLASSIFIED;
constexpr auto kPlan = v1::CASE_STATE_PLAN;
constexpr auto kDelivery = v1::CASE_STATE_DELIVERY;
constexpr auto kMonitoring = v1::CASE_STATE_MONITORING;
constexpr auto kReassessment = v1::CASE_STATE_REASSESSMENT;
constexpr auto kClosed = v1::CASE_STATE_CLOSED;
constexpr auto kFollowUp = v1::CASE_STATE_FOLLOW_UP;
constexpr auto kArchived = v1::CASE_STATE_ARCHIVED;

constexpr auto kStays = v1::CASE_STATE_UNSPECIFIED;

// Steps from one state to another.
struct Move {
  Step step;
  v1::CaseState from, to;
};
constexpr Move kMoves[] = {
    {Step::kContact, kReferred, kConsult},
    {Step::kReject, kReferred, v1::CASE_STATE_REJECTED},
    {Step::kReject, kConsult, v1::CASE_STATE_REJECTED},
    {Step::kInformOnly, kConsult, v1::CASE_STATE_INFO_ONLY},
    {Step::kTakeIn, kConsult, kIntake},
    {Step::kBeginAssessment, kIntake, kAssessment},
    {Step::kApproveAssessment, kAssessment, kConference},
    {Step::kApproveAssessment, kReassessment, kReassessment},
    {Step::kClassify, kConference, kClassified},
    {Step::kBeginPlan, kClassified, kPlan},
    {Step::kSignPlan, kPlan, kDelivery},
    {Step::kFirstService, kDelivery, kMonitoring},
    {Step::kBackToDelivery, kMonitoring, kDelivery},
    {Step::kMonitor, kDelivery, kDelivery},
    {Step::kMonitor, kMonitoring, kMonitoring},
    {Step::kReassess, kDelivery, kReassessment},
    {Step::kReassess, kMonitoring, kReassessment},
    {Step::kPlanAnew, kReassessment, kPlan},
    {Step::kFollowUp, kClosed, kFollowUp},
    {Step::kArchive, kClosed, kArchived},
    {Step::kArchive, kFollowUp, kArchived},
    {Step::kReopen, kClosed, kClosed},
    {Step::kReopen, kFollowUp, kClosed},
};

// Steps that many states allow in the same way: from the first to the last of them, and where they
// lead.
struct Range {
  Step step;
  v1::CaseState first, last, to;
};
constexpr Range kRanges[] = {
    {Step::kUrgentService, kIntake, kPlan, kStays},
    {Step::kRecordSession, kIntake, kReassessment, kStays},
    {Step::kRecordOutcome, kIntake, kFollowUp, kStays},
    {Step::kAskClosure, kReferred, kReassessment, kStays},
    {Step::kReturnClosure, kReferred, kReassessment, kStays},
    {Step::kClose, kReferred, kReassessment, kClosed},
    {Step::kCheckRetention, kFollowUp, kFollowUp, kStays},
    {Step::kCorrectClosing, kClosed, kFollowUp, kStays},
    {Step::kHold, kReferred, kReassessment, kStays},
    {Step::kResume, kReferred, kReassessment, kStays},
    {Step::kRefer, kIntake, kReassessment, kStays},
    {Step::kTransfer, kReferred, kReassessment, kStays},
    {Step::kReassign, kReferred, kReassessment, kStays},
    {Step::kReassign, kFollowUp, kFollowUp, kStays},
    {Step::kChangeRisk, kReferred, kReassessment, kStays},
    {Step::kAttach, kReferred, kFollowUp, kStays},
    {Step::kTryContact, kReferred, kReassessment, kStays},
    {Step::kAttach, v1::CASE_STATE_REJECTED, v1::CASE_STATE_INFO_ONLY, kStays},
};

// What happens to a case whose clock stands: it goes on, it ends, or it changes hands.
bool AllowedInHold(Step step) {
  constexpr Step kAllowed[] = {Step::kResume,        Step::kAskClosure, Step::kReturnClosure,
                               Step::kClose,         Step::kTransfer,   Step::kReassign,
                               Step::kRecordOutcome, Step::kChangeRisk, Step::kAttach,
                               Step::kTryContact};
  return std::find(std::begin(kAllowed), std::end(kAllowed), step) != std::end(kAllowed);
}

std::optional<v1::CaseState> Led(v1::CaseState from, Step step) {
  for (const Move& move : kMoves) {
    if (move.step == step && move.from == from) return move.to;
  }
  for (const Range& range : kRanges) {
    if (range.step != step || from < range.first || from > range.last) continue;
    return range.to == kStays ? from : range.to;
  }
  return std::nullopt;
}

std::string Word(v1::CaseState state) {
  constexpr std::string_view prefix = "CASE_STATE_";
  return v1::CaseState_Name(state).substr(prefix.size());
}

// "INITIAL_CONSULT or REFERRED": where the step would be right.
std::string RightStates(Step step) {
  std::vector<std::string> right;
  for (int state = v1::CaseState_MIN; state <= v1::CaseState_MAX; ++state) {
    if (Led(static_cast<v1::CaseState>(state), step)) {
      right.push_back(Word(static_cast<v1::CaseState>(state)));
    }
  }
  if (right.size() <= 2) return right.size() == 2 ? right[0] + " or " + right[1] : right.at(0);
  return absl::StrCat(right.front(), " to ", right.back());
}

absl::Status WrongState(const Case& c, Step step) {
  return base::Forbidden(v1::ERROR_REASON_CASE_STATE,
                         absl::StrCat("the case is ", Word(c.state),
                                      "; this can be done while it is ", RightStates(step)),
                         {{"state", Word(c.state)}});
}

absl::Status CheckHold(const Case& c, Step step) {
  if (c.on_hold && !AllowedInHold(step)) {
    return base::Forbidden(v1::ERROR_REASON_CASE_ON_HOLD,
                           absl::StrCat("the case is held until ", base::FormatDay(c.hold->until),
                                        "; resume it first"));
  }
  if (!c.on_hold && step == Step::kResume) {
    return base::Forbidden(v1::ERROR_REASON_CASE_STATE, "the case is not held",
                           {{"state", Word(c.state)}});
  }
  return absl::OkStatus();
}

absl::Status CheckClosure(const Case& c, Step step) {
  const bool decides = step == Step::kReturnClosure || step == Step::kClose;
  if (decides && !c.closure) {
    return base::Forbidden(v1::ERROR_REASON_CLOSURE_NOT_ASKED,
                           "nobody has asked for its closure; ask for it with a reason first");
  }
  if (step == Step::kAskClosure && c.closure) {
    return base::Forbidden(v1::ERROR_REASON_CLOSURE_ASKED_ALREADY,
                           "its closure was asked for; approve or return that first");
  }
  return absl::OkStatus();
}

absl::Status CheckMore(const Case& c, Step step) {
  if (step == Step::kUrgentService && c.risk_level != v1::RISK_LEVEL_CRISIS) {
    return base::Forbidden(v1::ERROR_REASON_CASE_NOT_CRISIS,
                           "only at level CRISIS may a service begin before the plan");
  }
  if (step == Step::kBeginPlan && c.classification != v1::CASE_CLASSIFICATION_CASE_MANAGEMENT) {
    return base::Forbidden(v1::ERROR_REASON_CASE_CLASSIFICATION,
                           "the conference did not classify it as case management; close it");
  }
  if (step == Step::kReopen && c.next_case) {
    return base::Forbidden(v1::ERROR_REASON_CASE_REOPENED_ALREADY,
                           "it goes on as another case; work on that one",
                           {{"case", CaseName(*c.next_case)}});
  }
  return absl::OkStatus();
}

bool InCrisis(const Case& c) { return c.risk_level == v1::RISK_LEVEL_CRISIS; }

// The last day of what the state waits for when it is reached, or was looked after, on that day, of
// a case whose clock stood for so many days since.
std::optional<absl::CivilDay> DueIn(const Case& c, absl::CivilDay day, int held) {
  const CasePace& pace = c.pace;
  switch (c.state) {
    case kConsult:
      return day + pace.consult_days + held;
    case kIntake:
    case kAssessment:
      return c.intake_day.value_or(day) + pace.assessment_days + c.held_days;
    case kConference:
    case kClassified:
      return day + (InCrisis(c) ? pace.conference_crisis_days : pace.conference_days) + held;
    case kPlan: {
      const absl::CivilDay due = day + (c.urgent ? pace.urgent_plan_days : pace.plan_days) + held;
      const auto wanted = c.plan_wanted_day();
      return wanted && !c.reassess_due_day ? std::min(due, *wanted) : due;
    }
    case kDelivery:
    case kMonitoring:
      return day + (InCrisis(c) ? pace.monitoring_crisis_days : pace.monitoring_days) + held;
    case kReassessment:
      return day + pace.reassessment_days + held;
    default:
      return std::nullopt;
  }
}

// What is done with a case that goes on where it stands, and waits while it is held.
bool IsAct(Step step) {
  return step == Step::kMonitor || step == Step::kUrgentService || step == Step::kChangeRisk ||
         step == Step::kApproveAssessment || step == Step::kRefer;
}

// Which steps set the due day of their state anew.
bool SetsDue(Step step, bool moved) { return moved || step == Step::kMonitor; }

void KeepDueDays(Case& c, Step step, bool moved, absl::CivilDay day) {
  // A case is classified by the conference: what is due then is the plan's beginning, on the day
  // that the conference had.
  if (step == Step::kClassify) return;
  const int held = HeldSince(c, day);
  if (SetsDue(step, moved)) c.due_day = DueIn(c, day, held);
  if (step == Step::kSignPlan) {
    c.reassess_due_day = base::MonthsLater(day, c.pace.reassessment_months) + held;
  }
  if (step == Step::kUrgentService) {
    const absl::CivilDay due = day + c.pace.urgent_plan_days + held;
    if (!c.urgent_due_day) c.urgent_due_day = due;
    if (c.due_day && c.state == kPlan) c.due_day = std::min(*c.due_day, *c.urgent_due_day);
  }
  if (!IsOpen(c.state)) {
    c.due_day.reset();
    c.reassess_due_day.reset();
  }
}

// What a crisis that is declared on that day makes due; nullopt where it makes nothing quicker.
std::optional<absl::CivilDay> QuickDue(const Case& c, absl::CivilDay day) {
  if (c.state == kReferred) return day + c.pace.contact_crisis_days;
  if (c.state == kConference || c.state == kDelivery || c.state == kMonitoring)
    return DueIn(c, day, 0);
  return std::nullopt;
}

bool EndsAnywhere(v1::CaseCloseReason reason) {
  return reason == v1::CASE_CLOSE_REASON_WITHDRAWN || reason == v1::CASE_CLOSE_REASON_MOVED ||
         reason == v1::CASE_CLOSE_REASON_JOB_LOST || reason == v1::CASE_CLOSE_REASON_LOST_CONTACT ||
         reason == v1::CASE_CLOSE_REASON_DIED;
}

bool EndsHere(const Case& c, v1::CaseCloseReason reason) {
  switch (reason) {
    case v1::CASE_CLOSE_REASON_GOALS_MET:
    case v1::CASE_CLOSE_REASON_TIME_OVER:
      return c.state >= kDelivery && c.state <= kReassessment;
    case v1::CASE_CLOSE_REASON_LINKED:
      return c.state == kClassified && c.classification == v1::CASE_CLASSIFICATION_SERVICE_LINK;
    case v1::CASE_CLOSE_REASON_NOT_ELIGIBLE:
      return c.state == kClassified && c.classification == v1::CASE_CLASSIFICATION_NOT_ELIGIBLE;
    default:
      return EndsAnywhere(reason);
  }
}

}  // namespace

bool IsOpen(v1::CaseState state) { return state >= kReferred && state <= kReassessment; }

absl::StatusOr<v1::CaseState> NextState(const Case& c, CaseStep step) {
  const auto next = Led(c.state, step);
  if (!next) return WrongState(c, step);
  RETURN_IF_ERROR(CheckHold(c, step));
  RETURN_IF_ERROR(CheckClosure(c, step));
  RETURN_IF_ERROR(CheckMore(c, step));
  return *next;
}

absl::Status Advance(Case& c, CaseStep step, absl::CivilDay day) {
  ASSIGN_OR_RETURN(const v1::CaseState next, NextState(c, step));
  const bool moved = next != c.state;
  if (moved && day < c.last_step_day) {
    return base::InvalidField(
        v1::ERROR_REASON_DATE_ORDER, "date",
        absl::StrCat(base::FormatDay(day), " is before the step that led to it, ",
                     base::FormatDay(c.last_step_day)));
  }
  c.state = next;
  if (moved) c.last_step_day = day;
  if (IsAct(step)) c.last_act_day = std::max(c.last_act_day, std::optional(day));
  if (step == Step::kTakeIn) {
    c.intake_day = day;
    c.held_days = HeldSince(c, day);  // what was held before is not of the legal period
  }
  if (step == Step::kUrgentService) c.urgent = true;
  KeepDueDays(c, step, moved, day);
  return absl::OkStatus();
}

absl::Status CheckCloseReason(const Case& c, v1::CaseCloseReason reason) {
  if (EndsHere(c, reason)) return absl::OkStatus();
  return base::Forbidden(
      v1::ERROR_REASON_CLOSE_REASON_NOT_OF_STATE,
      absl::StrCat("a case that is ", Word(c.state),
                   " does not end for this reason: goals and time are reached in delivery, "
                   "LINKED and NOT_ELIGIBLE are what the conference decided, and the others are "
                   "right at any time"),
      {{"state", Word(c.state)}});
}

std::optional<absl::CivilDay> Case::plan_wanted_day() const {
  if (!plan_due_day || !urgent_due_day) return plan_due_day ? plan_due_day : urgent_due_day;
  return std::min(*plan_due_day, *urgent_due_day);
}

std::optional<absl::CivilDay> PlanDue(const CasePace& pace, absl::CivilDay intake, int held_days,
                                      const base::BusinessCalendar& calendar) {
  return base::DueDay({pace.intake_to_plan_days + held_days, base::LegalPeriod::Unit::kDays},
                      intake, calendar);
}

std::optional<absl::CivilDay> ContactDue(const CasePace& pace, v1::RiskLevel level,
                                         absl::CivilDay opened,
                                         const base::BusinessCalendar& calendar) {
  if (level == v1::RISK_LEVEL_CRISIS) return opened + pace.contact_crisis_days;
  return calendar.Plus(opened, pace.contact_business_days);
}

void SetRisk(Case& c, v1::RiskLevel level, std::string primary_factor, absl::CivilDay day) {
  const bool rises = level > c.risk_level;
  c.risk_level = level;
  c.primary_factor = std::move(primary_factor);
  if (!rises || !InCrisis(c) || !c.due_day) return;
  // Only what a crisis makes quicker; the first contact is told in hours to whoever takes the case.
  const auto quick = QuickDue(c, day);
  if (!quick) return;
  c.due_day = std::min(*c.due_day, *quick);
  if (c.hold) c.hold->crisis_due = *quick;
}

std::string CaseName(const base::Uuid& id) { return absl::StrCat("cases/", id.ToString()); }

std::string CaseNumber(absl::CivilYear year, int64_t number) {
  return absl::StrFormat("%04d-%04d", year.year(), number);
}

}  // namespace ieum::casemgmt
