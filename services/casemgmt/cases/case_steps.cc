#include "services/casemgmt/cases/case_steps.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/cases/case_words_store.h"
#include "services/casemgmt/cases/contact_attempt_store.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/conferences/conference_commands.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/references/consent_heard.h"
#include "services/casemgmt/sessions/session_store.h"
#include "services/casemgmt/transfers/transfer_commands.h"

namespace ieum::casemgmt {
namespace {

constexpr absl::Duration kAskAgainAfter = absl::Seconds(60);

struct Stepped {
  Case c;
  absl::CivilDay day;
};

// Locks, loads, and decides the step; nothing is written yet.
absl::StatusOr<Stepped> Take(ledger::UnitOfWork& work, const CaseInput& input, CaseStep step,
                             std::string_view field) {
  work.Lock({input.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input));
  // Its state before its day: what cannot be done at all is not a matter of days.
  RETURN_IF_ERROR(NextState(c, step).status());
  ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(work, c, input, field));
  RETURN_IF_ERROR(TakeStep(work, c, step, day));
  return Stepped{std::move(c), day};
}

// What counts by the day by law that CaseClassified told counts by the new one.
void TellPlanDueMoved(ledger::UnitOfWork& work, const Case& c,
                      const std::optional<absl::CivilDay>& before) {
  if (c.state != v1::CASE_STATE_PLAN || c.reassess_due_day || c.plan_due_day == before) return;
  auto event = EventOf<v1::CasePlanDueMoved>(c, work.now());
  event.set_plan_due_date(DayText(c.plan_due_day));
  event.set_previous_plan_due_date(DayText(before));
  AppendToCase(work, c, event);
}

absl::Status HolidaysUnknown() {
  return base::Unavailable("the holidays of that year are not known yet; try again when they are",
                           kAskAgainAfter);
}

}  // namespace

absl::StatusOr<ledger::Done> ContactCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const CaseInput& input, const std::string& words) {
  work.Lock({input.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input));
  RETURN_IF_ERROR(NextState(c, CaseStep::kContact).status());
  const std::string due = DayText(c.due_day);
  ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(work, c, input, "contact_date"));
  RETURN_IF_ERROR(TakeStep(work, c, CaseStep::kContact, day));
  RETURN_IF_ERROR(KeepWords(work, keys, c, v1::CASE_WORDS_KIND_CONTACT, words));
  SaveCase(work, c, day);
  auto event = EventOf<v1::CaseContacted>(c, work.now());
  event.set_contact_date(base::FormatDay(day));
  event.set_contact_due_date(due);
  AppendToCase(work, c, event);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> RejectCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const CaseInput& input, v1::CaseRejectReason reason,
                                        const std::string& words) {
  ASSIGN_OR_RETURN(Stepped stepped, Take(work, input, CaseStep::kReject, "rejected_date"));
  auto& [c, day] = stepped;
  RETURN_IF_ERROR(KeepWords(work, keys, c, v1::CASE_WORDS_KIND_REJECTION, words));
  c.reject_reason = reason;
  c.closure.reset();
  SaveCase(work, c, day);
  auto event = EventOf<v1::CaseRejected>(c, work.now());
  event.set_rejected_date(base::FormatDay(day));
  event.set_reason(reason);
  AppendToCase(work, c, event);
  EndTransferOf(work, c, v1::TRANSFER_WITHDRAW_CAUSE_CASE_ENDED);
  TakeOffAgendas(work, c);
  DropTasks(work, c.id);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> InformCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const CaseInput& input, const std::string& words) {
  ASSIGN_OR_RETURN(Stepped stepped, Take(work, input, CaseStep::kInformOnly, "informed_date"));
  auto& [c, day] = stepped;
  RETURN_IF_ERROR(KeepWords(work, keys, c, v1::CASE_WORDS_KIND_INFORMATION, words));
  c.closure.reset();
  SaveCase(work, c, day);
  auto event = EventOf<v1::CaseInformed>(c, work.now());
  event.set_informed_date(base::FormatDay(day));
  AppendToCase(work, c, event);
  EndTransferOf(work, c, v1::TRANSFER_WITHDRAW_CAUSE_CASE_ENDED);
  TakeOffAgendas(work, c);
  DropTasks(work, c.id);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> TakeInCase(ledger::UnitOfWork& work, const CaseInput& input,
                                        const base::BusinessCalendar& calendar) {
  ASSIGN_OR_RETURN(Stepped stepped, Take(work, input, CaseStep::kTakeIn, "intake_date"));
  auto& [c, day] = stepped;
  if (!c.person) return base::Forbidden("PERSON_ERASED", "the person's data was erased");
  RETURN_IF_ERROR(
      RequireConsent(work.tx(), *c.person, registry::v1::CONSENT_PURPOSE_COLLECTION, work.now()));
  c.plan_due_day = PlanDue(c.pace, day, c.held_days, calendar);
  if (!c.plan_due_day) return HolidaysUnknown();
  const absl::CivilYear year(day);
  c.case_number = CaseNumber(year, NextCaseNumber(work.tx(), c.centre, year));
  SaveCase(work, c, day);
  auto event = EventOf<v1::CaseTakenIn>(c, work.now());
  event.set_plan_due_date(DayText(c.plan_due_day));
  event.set_assessment_due_date(DayText(c.due_day));
  AppendToCase(work, c, event);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> MonitorCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const CaseInput& input, const std::string& words) {
  ASSIGN_OR_RETURN(Stepped stepped, Take(work, input, CaseStep::kMonitor, "monitored_date"));
  auto& [c, day] = stepped;
  RETURN_IF_ERROR(KeepWords(work, keys, c, v1::CASE_WORDS_KIND_MONITORING, words));
  SaveCase(work, c, day);
  auto event = EventOf<v1::CaseMonitored>(c, work.now());
  event.set_monitored_date(base::FormatDay(day));
  event.set_due_date(DayText(c.due_day));
  AppendToCase(work, c, event);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> DeliverAgain(ledger::UnitOfWork& work, const CaseInput& input) {
  ASSIGN_OR_RETURN(Stepped stepped, Take(work, input, CaseStep::kBackToDelivery, "delivery_date"));
  auto& [c, day] = stepped;
  SaveCase(work, c, day);
  auto event = EventOf<v1::CaseDeliveredAgain>(c, work.now());
  event.set_delivery_date(base::FormatDay(day));
  AppendToCase(work, c, event);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> DeclareCrisis(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                           const CaseInput& input, const std::string& words) {
  ASSIGN_OR_RETURN(Stepped stepped, Take(work, input, CaseStep::kChangeRisk, "declared_date"));
  auto& [c, day] = stepped;
  RETURN_IF_ERROR(KeepWords(work, keys, c, v1::CASE_WORDS_KIND_CRISIS, words));
  ChangeRisk(work, c, v1::RISK_LEVEL_CRISIS, c.primary_factor, day);
  SaveCase(work, c, day);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> OpenUrgentService(ledger::UnitOfWork& work, const CaseInput& input) {
  ASSIGN_OR_RETURN(Stepped stepped, Take(work, input, CaseStep::kUrgentService, "urgent_date"));
  auto& [c, day] = stepped;
  SaveCase(work, c, day);
  auto event = EventOf<v1::CaseUrgentServiceOpened>(c, work.now());
  event.set_urgent_date(base::FormatDay(day));
  event.set_plan_due_date(DayText(c.plan_wanted_day()));
  AppendToCase(work, c, event);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> HoldCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                      const CaseInput& input, const HoldWish& wish) {
  ASSIGN_OR_RETURN(Stepped stepped, Take(work, input, CaseStep::kHold, "hold_date"));
  auto& [c, day] = stepped;
  RETURN_IF_ERROR(CheckNotHeldBefore(c, day, "hold_date"));
  RETURN_IF_ERROR(CheckNothingDoneSince(c, LastHeldDay(work.tx(), c.id), day, "hold_date"));
  const absl::CivilDay last = day + c.pace.max_hold_days - 1;
  if (wish.until < day || wish.until > last) {
    return base::InvalidField(
        v1::ERROR_REASON_HOLD_TOO_LONG, "hold_until_date",
        absl::StrCat("must be from ", base::FormatDay(day), " to ", base::FormatDay(last), ": ",
                     c.pace.max_hold_days, " days at most"));
  }
  RETURN_IF_ERROR(KeepWords(work, keys, c, v1::CASE_WORDS_KIND_HOLD, wish.words));
  c.on_hold = true;
  c.hold = CaseHold{.from = day, .until = wish.until, .reason = wish.reason};
  SaveCase(work, c, day);
  PauseTasks(work, c.id);
  auto event = EventOf<v1::CaseHeld>(c, work.now());
  event.set_hold_date(base::FormatDay(day));
  event.set_hold_until_date(base::FormatDay(wish.until));
  event.set_reason(wish.reason);
  AppendToCase(work, c, event);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> ResumeCase(ledger::UnitOfWork& work, const CaseInput& input,
                                        const base::BusinessCalendar& calendar) {
  work.Lock({input.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input));
  RETURN_IF_ERROR(NextState(c, CaseStep::kResume).status());
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(input.day, work.now(), c.hold->from, "resumed_date"));
  const auto plan_due_before = c.plan_due_day;
  const int days = DaysHeld(*c.hold, day);
  if (!EndHold(c, days, calendar)) return HolidaysUnknown();
  SaveCase(work, c, day);
  ResumeTasks(work, c, days);  // but for those of its state, which have their days
  auto event = EventOf<v1::CaseResumed>(c, work.now());
  event.set_resumed_date(base::FormatDay(day));
  event.set_held_days(days);
  event.set_plan_due_date(DayText(c.plan_due_day));
  AppendToCase(work, c, event);
  TellPlanDueMoved(work, c, plan_due_before);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> LogContactAttempt(ledger::UnitOfWork& work, const CaseInput& input,
                                               v1::AttemptChannel channel,
                                               v1::AttemptOutcome outcome) {
  work.Lock({input.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input));
  RETURN_IF_ERROR(NextState(c, CaseStep::kTryContact).status());
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(input.day, work.now(), c.opened_day, "attempt_date"));
  InsertContactAttempt(work.tx(), c.id,
                       {.id = work.DeriveId("contact_attempt"),
                        .day = day,
                        .channel = channel,
                        .outcome = outcome,
                        .record_time = work.now()});
  auto event = EventOf<v1::CaseContactAttempted>(c, work.now());
  event.set_attempt_date(base::FormatDay(day));
  event.set_channel(channel);
  event.set_outcome(outcome);
  AppendToCase(work, c, event);
  return DoneWith(c);
}

}  // namespace ieum::casemgmt
