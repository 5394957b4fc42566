// How a case ends: asked for by one, decided by another.
#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/cases/case_steps.h"
#include "services/casemgmt/cases/case_words_store.h"
#include "services/casemgmt/cases/contact_attempt_store.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/conferences/conference_commands.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/followups/retention_commands.h"
#include "services/casemgmt/referrals/referral_commands.h"
#include "services/casemgmt/sessions/session_commands.h"
#include "services/casemgmt/transfers/transfer_commands.h"

namespace ieum::casemgmt {
namespace {

constexpr int kAttemptsMax = 100;  // of the newest; three are asked for

absl::Status CheckAnother(const Case& c, const Staff& by) {
  if (!SamePerson(c.closure->by, by)) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_APPROVER_IS_ASKER,
                         "whoever asked for the closure does not decide it, with no account; "
                         "somebody else has to");
}

// A hold ends with the case; what was due is due no more.
void DropHold(Case& c, absl::CivilDay day) {
  if (!c.hold) return;
  c.held_days += DaysHeld(*c.hold, day);
  c.on_hold = false;
  c.hold.reset();
}

void TellClosed(ledger::UnitOfWork& work, const Case& c) {
  auto event = EventOf<v1::CaseClosed>(c, work.now());
  event.set_closed_date(DayText(c.closed_day));
  event.set_reason(c.close_reason);
  event.set_employed(c.state == v1::CASE_STATE_FOLLOW_UP);
  if (event.employed()) {
    for (const int months : c.pace.check_months) event.add_check_months(months);
  }
  AppendToCase(work, c, event);
}

absl::Status CheckTries(ledger::UnitOfWork& work, const Case& c, v1::CaseCloseReason reason,
                        absl::CivilDay day) {
  if (reason != v1::CASE_CLOSE_REASON_LOST_CONTACT) return absl::OkStatus();
  return CheckLost(ContactAttemptsOf(work.tx(), c.id, kAttemptsMax), day);
}

// Three tries were enough when it was asked for; who was reached since is not lost, nor who had
// answered between them, which was written down later.
absl::Status CheckReachedSince(ledger::UnitOfWork& work, const Case& c,
                               const CaseClosureAsked& asked) {
  if (asked.reason != v1::CASE_CLOSE_REASON_LOST_CONTACT) return absl::OkStatus();
  const auto attempts = ContactAttemptsOf(work.tx(), c.id, kAttemptsMax);
  for (const ContactAttempt& each : attempts) {
    if (!Answered(each)) continue;
    if (each.day < asked.day) return CheckLost(attempts, asked.day);
    return base::Forbidden(v1::ERROR_REASON_CONTACT_TRIES_MISSING,
                           absl::StrCat("she answered on ", base::FormatDay(each.day),
                                        "; return the closure and go on"));
  }
  return absl::OkStatus();
}

// Nobody is asked after a job that is no more.
absl::Status CheckEmployed(const ClosureWish& wish) {
  const bool without_job =
      wish.reason == v1::CASE_CLOSE_REASON_DIED || wish.reason == v1::CASE_CLOSE_REASON_JOB_LOST;
  if (!wish.employed || !without_job) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", "employed",
                            "must be false where she lost her job or died");
}

// What was still to come of the case ends with it; who is employed is asked after her job later.
CaseEnding EndParts(ledger::UnitOfWork& work, const Case& c, const CaseClosureAsked& asked,
                    const std::vector<base::Uuid>& appointments, size_t open_tasks) {
  CaseEnding ending;
  const CancelledSessions cancelled = CancelOpenSessions(work, c, appointments);
  ending.sessions = cancelled.sessions;
  ending.appointments = cancelled.appointments;
  EndTransferOf(work, c, v1::TRANSFER_WITHDRAW_CAUSE_CASE_ENDED);
  TakeOffAgendas(work, c);
  ending.referrals = EndReferralsOf(work, c, asked.reason);
  DropTasks(work, c.id, {v1::CASE_TASK_KIND_SESSION_OUTCOME, v1::CASE_TASK_KIND_RETENTION_CHECK});
  ending.tasks = static_cast<int>(open_tasks - OpenTasksOf(work.tx(), c.id).size());
  if (asked.employed) {
    ending.planned_checks = OpenRetentionChecks(work, c, *c.closed_day, c.pace.check_months);
  }
  return ending;
}

}  // namespace

absl::StatusOr<ledger::Done> AskClosure(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const CaseInput& input, const Staff& by,
                                        const ClosureWish& wish) {
  work.Lock({input.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input));
  RETURN_IF_ERROR(NextState(c, CaseStep::kAskClosure).status());
  RETURN_IF_ERROR(CheckCloseReason(c, wish.reason));
  RETURN_IF_ERROR(CheckEmployed(wish));
  ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(work, c, input, "asked_date"));
  RETURN_IF_ERROR(CheckTries(work, c, wish.reason, day));
  RETURN_IF_ERROR(KeepWords(work, keys, c, v1::CASE_WORDS_KIND_CLOSURE, wish.words));
  c.closure = CaseClosureAsked{.reason = wish.reason,
                               .day = day,
                               .due = day + c.pace.closing_days,
                               .employed = wish.employed,
                               .by = by};
  SaveCase(work, c, day);
  auto event = EventOf<v1::CaseClosureAsked>(c, work.now());
  event.set_asked_date(base::FormatDay(day));
  event.set_reason(wish.reason);
  event.set_due_date(base::FormatDay(c.closure->due));
  AppendToCase(work, c, event);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> ReturnClosure(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                           const CaseInput& input, const Staff& by,
                                           const std::string& words) {
  work.Lock({input.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input));
  RETURN_IF_ERROR(NextState(c, CaseStep::kReturnClosure).status());
  RETURN_IF_ERROR(CheckAnother(c, by));
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(input.day, work.now(), c.closure->day, "returned_date"));
  RETURN_IF_ERROR(KeepWords(work, keys, c, v1::CASE_WORDS_KIND_CLOSURE_RETURN, words));
  c.closure.reset();
  SaveCase(work, c, day);
  auto event = EventOf<v1::CaseClosureReturned>(c, work.now());
  event.set_returned_date(base::FormatDay(day));
  AppendToCase(work, c, event);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> CloseCase(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                       const CaseInput& input, const Staff& by,
                                       const std::string& words) {
  const auto appointments = LockWithAppointments(work, input.case_id);
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input));
  RETURN_IF_ERROR(NextState(c, CaseStep::kClose).status());
  RETURN_IF_ERROR(CheckAnother(c, by));
  // It may have moved on since it was asked for.
  RETURN_IF_ERROR(CheckCloseReason(c, c.closure->reason));
  ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(work, c, input, "closed_date"));
  const CaseClosureAsked asked = *c.closure;
  const size_t open_tasks = OpenTasksOf(work.tx(), c.id).size();
  RETURN_IF_ERROR(CheckReachedSince(work, c, asked));
  RETURN_IF_ERROR(TakeStep(work, c, CaseStep::kClose, day));
  RETURN_IF_ERROR(KeepWords(work, keys, c, v1::CASE_WORDS_KIND_CLOSURE, words));
  DropHold(c, day);
  c.close_reason = asked.reason;
  c.closed_day = day;
  c.closure.reset();
  SaveCase(work, c, day);
  if (asked.employed) {
    RETURN_IF_ERROR(TakeStep(work, c, CaseStep::kFollowUp, day));
    SaveCase(work, c, day);
  }
  TellClosed(work, c);
  c.ending = EndParts(work, c, asked, appointments, open_tasks);
  SaveCase(work, c, day);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> CorrectClosing(ledger::UnitOfWork& work, const CaseInput& input) {
  work.Lock({input.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input));
  RETURN_IF_ERROR(NextState(c, CaseStep::kCorrectClosing).status());
  ASSIGN_OR_RETURN(
      const absl::CivilDay day,
      StepDay(input.day, work.now(), c.intake_day.value_or(c.opened_day), "closed_date"));
  const std::string before = DayText(c.closed_day);
  if (c.closed_day == day) return DoneWith(c);
  c.closed_day = c.last_step_day = day;
  SaveCase(work, c, day);
  auto event = EventOf<v1::CaseClosedDateCorrected>(c, work.now());
  event.set_closed_date(base::FormatDay(day));
  event.set_previous_closed_date(before);
  event.set_reason(c.close_reason);
  AppendToCase(work, c, event);
  if (c.state == v1::CASE_STATE_FOLLOW_UP) MoveRetentionAnchor(work, c, day);
  return DoneWith(c);
}

absl::StatusOr<ledger::Done> ArchiveCase(ledger::UnitOfWork& work, const CaseInput& input) {
  work.Lock({input.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input));
  RETURN_IF_ERROR(NextState(c, CaseStep::kArchive).status());
  RETURN_IF_ERROR(CheckNobodyWaits(work, c));
  ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(work, c, input, "archived_date"));
  RETURN_IF_ERROR(TakeStep(work, c, CaseStep::kArchive, day));
  SaveCase(work, c, day);
  auto event = EventOf<v1::CaseArchived>(c, work.now());
  event.set_archived_date(base::FormatDay(day));
  AppendToCase(work, c, event);
  DropTasks(work, c.id);
  return DoneWith(c);
}

}  // namespace ieum::casemgmt
