// The rules of a person's case (통합사례관리): its states and steps, its due days, holds and
// endings. Sources: domain.md §2 (states, days, emergency path), §6 L41 (legal period). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/business_days.h"
#include "platform/base/uuid.h"
#include "services/casemgmt/cases/case_pace.h"
#include "services/casemgmt/references/staff.h"

namespace ieum::casemgmt {

struct CaseHold {
  absl::CivilDay from, until;  // the last day on which its clock may stand
  v1::CaseHoldReason reason = v1::CASE_HOLD_REASON_UNSPECIFIED;
  std::optional<absl::CivilDay>
      crisis_due;  // declared meanwhile: not later, however long it stands
};

// What ended with a case, and how many checks were planned in its place.
struct CaseEnding {
  int sessions = 0, appointments = 0, referrals = 0, tasks = 0, planned_checks = 0;
};

// What the manager asked for, until it is decided.
struct CaseClosureAsked {
  v1::CaseCloseReason reason = v1::CASE_CLOSE_REASON_UNSPECIFIED;
  absl::CivilDay day, due;
  bool employed = false;
  Staff by;
};

struct Case {
  base::Uuid id, participant;
  std::optional<base::Uuid> person;  // registry's; nullopt = erased
  std::string case_number;           // "2024-0012"; "" before the intake
  std::string programme, edition, line_code;
  std::optional<base::Uuid> centre;  // nullopt = the whole suite's
  int64_t ownership_epoch = 1;
  std::optional<base::Uuid> manager_subject;      // who may read: access::SubjectId(account)
  std::optional<base::Uuid> manager, supervisor;  // registry's persons, to write to
  v1::CaseState state = v1::CASE_STATE_REFERRED;
  bool on_hold = false;
  v1::RiskLevel risk_level = v1::RISK_LEVEL_UNSPECIFIED;
  v1::CaseClassification classification = v1::CASE_CLASSIFICATION_UNSPECIFIED;
  std::string primary_factor;  // "RF01"; "" = none yet
  bool urgent = false;         // a service began before the plan
  v1::CaseSource source = v1::CASE_SOURCE_UNSPECIFIED;
  absl::CivilDay opened_day;
  std::optional<absl::CivilDay> intake_day, closed_day;
  absl::CivilDay last_step_day;
  v1::CaseCloseReason close_reason = v1::CASE_CLOSE_REASON_UNSPECIFIED;
  v1::CaseRejectReason reject_reason = v1::CASE_REJECT_REASON_UNSPECIFIED;

  // Due days; moved by holds.
  std::optional<absl::CivilDay> due_day;       // of what its state waits for; nullopt = of nothing
  std::optional<absl::CivilDay> plan_due_day;  // of the signed plan by law; from the intake on
  std::optional<absl::CivilDay> urgent_due_day;    // of the plan, once a service began before it
  std::optional<absl::CivilDay> reassess_due_day;  // from the first signed plan on

  std::optional<CaseHold> hold;  // while on_hold
  int held_days = 0;             // of all holds that are over, since the intake
  // Of the hold that is over: its first day, and the first one that no hold has counted yet.
  std::optional<absl::CivilDay> hold_began, hold_ended;
  // On which something was last done that left it where it stands.
  std::optional<absl::CivilDay> last_act_day;
  std::optional<CaseClosureAsked> closure;

  std::optional<base::Uuid> template_id;  // nullopt = the standard pace
  int64_t template_version = 0;
  CasePace pace;  // that version's

  std::optional<base::Uuid> source_campaign, source_enrolment;  // of source ENROLMENT
  std::optional<base::Uuid> source_organization;
  std::optional<base::Uuid> reopened_from, next_case;
  std::optional<CaseEnding> ending;  // nullopt = open, or closed before this was kept
  absl::Time create_time, update_time;

  // The day by which the plan is wanted: the nearer one of both.
  std::optional<absl::CivilDay> plan_wanted_day() const;

  // As it was loaded; SaveCase writes down what changed. A new case was nowhere.
  v1::CaseState loaded_state = v1::CASE_STATE_UNSPECIFIED;
  int64_t loaded_epoch = 0;
  std::optional<base::Uuid> loaded_manager;
};

enum class CaseStep {
  kContact,            // REFERRED → INITIAL_CONSULT
  kReject,             // → REJECTED
  kInformOnly,         // → INFO_ONLY
  kTakeIn,             // → INTAKE
  kBeginAssessment,    // INTAKE → ASSESSMENT
  kApproveAssessment,  // ASSESSMENT → CONFERENCE; a reassessment stays one
  kClassify,           // CONFERENCE → CLASSIFIED
  kBeginPlan,          // CLASSIFIED → PLAN, where it is to be managed
  kSignPlan,           // PLAN → DELIVERY
  kFirstService,       // DELIVERY → MONITORING
  kBackToDelivery,     // MONITORING → DELIVERY
  kMonitor,            // DELIVERY, MONITORING: stays, and is looked after again later
  kReassess,           // DELIVERY, MONITORING → REASSESSMENT
  kPlanAnew,           // REASSESSMENT → PLAN
  kUrgentService,      // INTAKE … PLAN at level CRISIS: stays, and a service may begin
  kRecordSession,      // INTAKE … REASSESSMENT: stays
  kRecordOutcome,      // what became of a session, also when the case is held or has ended
  kAskClosure,         // any open state: stays
  kReturnClosure,      // where it was asked for
  kClose,              // → CLOSED
  kFollowUp,           // CLOSED → FOLLOW_UP
  kCheckRetention,     // FOLLOW_UP: stays
  kCorrectClosing,     // CLOSED, FOLLOW_UP: stays
  kArchive,            // CLOSED, FOLLOW_UP → ARCHIVED
  kReopen,             // CLOSED, FOLLOW_UP → CLOSED, and goes on as another case
  kHold,
  kResume,      // any open state: stays
  kRefer,       // INTAKE … REASSESSMENT: stays
  kTransfer,    // any open state, also held: stays
  kReassign,    // the same, and FOLLOW_UP: stays
  kChangeRisk,  // any open state, also held: stays
  kAttach,      // a paper: any state but ARCHIVED
  kTryContact,  // any open state, also held: stays
};
inline constexpr int kCaseSteps = static_cast<int>(CaseStep::kTryContact) + 1;

// REFERRED … REASSESSMENT.
bool IsOpen(v1::CaseState state);
// Where the step leads. CASE_ON_HOLD, CASE_STATE, CASE_NOT_CRISIS, CASE_CLASSIFICATION,
// CLOSURE_NOT_ASKED, CLOSURE_ASKED_ALREADY, CASE_REOPENED_ALREADY; each says what would be right.
absl::StatusOr<v1::CaseState> NextState(const Case& c, CaseStep step);
// Takes the step on that day and keeps the due day of the new state. The state's errors, and
// DATE_ORDER blaming `date` when the day lies before the step that led here.
absl::Status Advance(Case& c, CaseStep step, absl::CivilDay day);

// Whether a case that stands there can end for that reason. CLOSE_REASON_NOT_OF_STATE.
absl::Status CheckCloseReason(const Case& c, v1::CaseCloseReason reason);

// The last day for the signed plan of an intake on that day, of a case that stood so many days
// since (law:L41). nullopt: the holidays of a year are not known.
std::optional<absl::CivilDay> PlanDue(const CasePace& pace, absl::CivilDay intake, int held_days,
                                      const base::BusinessCalendar& calendar);
// The last day of the first contact.
std::optional<absl::CivilDay> ContactDue(const CasePace& pace, v1::RiskLevel level,
                                         absl::CivilDay opened,
                                         const base::BusinessCalendar& calendar);
// The hold is over and stood so many days: the due days are as many later, but for what a crisis
// made due meanwhile. The one by law is that of a period that is as much longer, and a period in
// business days becomes longer by those that were held. False as PlanDue.
bool EndHold(Case& c, int days, const base::BusinessCalendar& calendar);
// The days that the case's hold has counted up to `day`, which is not one of them: those that were
// agreed at most.
int DaysHeld(const CaseHold& hold, absl::CivilDay day);
// HOLD_OVERLAPS blaming `name` when a hold from that day on would count a day again.
absl::Status CheckNotHeldBefore(const Case& c, absl::CivilDay from, std::string_view name);
// HOLD_BEFORE_ACT when something was done behind that day which waits while a case is held:
// `last_session` = when a session took place last. Its clock did not stand then.
absl::Status CheckNothingDoneSince(const Case& c, std::optional<absl::CivilDay> last_session,
                                   absl::CivilDay from, std::string_view name);
// How many of the days from that one on the last hold has counted: what is recorded behind a hold
// of a day before it is due as much later as the clock stood since.
int HeldSince(const Case& c, absl::CivilDay day);
// From this level on; what the state waits for is due as the new level says, not later than before
// when the level rises.
void SetRisk(Case& c, v1::RiskLevel level, std::string primary_factor, absl::CivilDay day);

std::string CaseName(const base::Uuid& id);                    // "cases/{uuid}"
std::string CaseNumber(absl::CivilYear year, int64_t number);  // "2024-0012"

}  // namespace ieum::casemgmt
