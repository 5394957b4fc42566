// What became of a session, and what was said of it by mistake.
#include <algorithm>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/appointments/appointment_commands.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/engagements/consultant_hours.h"
#include "services/casemgmt/sessions/session_commands.h"
#include "services/casemgmt/sessions/session_events.h"
#include "services/casemgmt/sessions/session_store.h"

namespace ieum::casemgmt {
namespace {

// What became of it is said today, and of a day that may be long over.
absl::StatusOr<LoadedSession> LoadForOutcome(ledger::UnitOfWork& work, const SessionInput& input,
                                             SessionStep step) {
  ASSIGN_OR_RETURN(LoadedSession loaded, LoadSession(work, input));
  ASSIGN_OR_RETURN(const v1::SessionState next, NextState(loaded.session.state, step));
  RETURN_IF_ERROR(NextState(loaded.c, CaseStep::kRecordOutcome).status());
  if (step == SessionStep::kRetract) return loaded;
  loaded.session.state = next;
  loaded.session.record_day = base::KoreaDay(work.now());
  return loaded;
}

// The first service of the plan that took place. A case whose clock stands moves with the next one.
absl::Status MoveOn(ledger::UnitOfWork& work, Case& c, const Session& session) {
  if (c.state != v1::CASE_STATE_DELIVERY || c.on_hold) return absl::OkStatus();
  if (session.purpose != v1::SESSION_PURPOSE_SERVICE) return absl::OkStatus();
  const absl::CivilDay day = std::max(*session.service_day(), c.last_step_day);
  RETURN_IF_ERROR(TakeStep(work, c, CaseStep::kFirstService, day));
  SaveCase(work, c, day);
  return absl::OkStatus();
}

void SaveOutcome(ledger::UnitOfWork& work, Session& session) {
  session.update_time = work.now();
  EndTask(work, OutcomeTaskOf(session), v1::CASE_TASK_STATE_DONE);
  SaveSession(work.tx(), session);
}

// Tells of a run of absences once, when it has become long enough.
void TellRun(ledger::UnitOfWork& work, const Case& c, const Session& session,
             const AbsenceRun& run) {
  if (run.length < kToldAbsences) return;
  const auto told = ToldRun(work.tx(), c.id);
  if (told && *told == run.after) return;
  SaveToldRun(work.tx(), c.id, run, work.now());
  auto event = EventOf<v1::AbsencesRepeated>(c, session, work.now());
  event.set_absences_in_a_row(run.length);
  AppendToCase(work, c, event);
}

AbsenceRun RunWith(ledger::UnitOfWork& work, const Session& missed) {
  std::vector<EndedSession> ended = EndedSessionsOf(work.tx(), missed.case_id);
  ended.push_back({missed.id, false, missed.times->start});
  return RunOfAbsences(std::move(ended));
}

void ForgetOutcome(Session& session) {
  session.outcome = v1::SESSION_OUTCOME_UNSPECIFIED;
  session.minutes = 0;
  session.next_day.reset();
  session.record_day.reset();
  session.absence = v1::SESSION_ABSENCE_UNSPECIFIED;
  session.cancelled_by = v1::SESSION_CANCELLER_UNSPECIFIED;
  session.cancel_reason = v1::SESSION_CANCEL_REASON_UNSPECIFIED;
  ++session.revision;
}

}  // namespace

absl::StatusOr<ledger::Done> RecordSession(ledger::UnitOfWork& work, const SessionInput& input,
                                           const DoneSessionInput& done) {
  ASSIGN_OR_RETURN(LoadedSession loaded, LoadForOutcome(work, input, SessionStep::kRecord));
  auto& [c, session, appointment] = loaded;
  ASSIGN_OR_RETURN(session.times, TimesOf(session.times, done.start, done.end));
  RETURN_IF_ERROR(CheckHeldAt(session.times->start, work.now(), c.intake_day, c.closed_day));
  // After a transfer nobody is named; once the case is held or has ended it is too late for that.
  if (NextState(c, CaseStep::kRecordSession).ok()) RETURN_IF_ERROR(CheckBookable(session));
  session.outcome = done.outcome;
  session.minutes = done.minutes > 0 ? done.minutes : MinutesOf(*session.times);
  session.next_day = done.next_day;
  if (done.channel != v1::SESSION_CHANNEL_UNSPECIFIED) session.channel = done.channel;
  RETURN_IF_ERROR(TakeProviderHours(work, session));
  RETURN_IF_ERROR(MoveOn(work, c, session));
  if (session.appointment) KeepAppointment(work, *session.appointment);
  SaveOutcome(work, session);
  auto event = EventOf<v1::SessionDone>(c, session, work.now());
  event.set_outcome(session.outcome);
  if (session.next_day) event.set_next_date(base::FormatDay(*session.next_day));
  AppendToCase(work, c, event);
  return DoneWith(session);
}

absl::StatusOr<ledger::Done> RecordAbsence(ledger::UnitOfWork& work, const SessionInput& input,
                                           v1::SessionAbsence absence) {
  ASSIGN_OR_RETURN(LoadedSession loaded, LoadForOutcome(work, input, SessionStep::kMiss));
  auto& [c, session, appointment] = loaded;
  RETURN_IF_ERROR(CheckHeldAt(session.times->start, work.now(), c.intake_day, c.closed_day));
  session.absence = absence;
  const AbsenceRun run = RunWith(work, session);
  FreeHours(work.tx(), session.id);
  if (session.appointment) MissAppointment(work, *session.appointment);
  SaveOutcome(work, session);
  auto event = EventOf<v1::SessionNoShow>(c, session, work.now());
  event.set_absence(absence);
  event.set_absences_in_a_row(run.length);
  AppendToCase(work, c, event);
  TellRun(work, c, session, run);
  return DoneWith(session);
}

absl::StatusOr<ledger::Done> RetractOutcome(ledger::UnitOfWork& work, const SessionInput& input,
                                            v1::SessionCorrection reason) {
  ASSIGN_OR_RETURN(LoadedSession loaded, LoadForOutcome(work, input, SessionStep::kRetract));
  auto& [c, session, appointment] = loaded;
  RETURN_IF_ERROR(CheckComesBack(session, work.now()));
  const v1::SessionState retracted = session.state;
  session.state = v1::SESSION_STATE_BOOKED;
  ForgetOutcome(session);
  RETURN_IF_ERROR(TakeProviderHours(work, session));
  if (IsOpen(c.state)) PutOutcomeTask(work, c, session, base::KoreaDay(work.now()));
  session.update_time = work.now();
  SaveSession(work.tx(), session);
  auto event = EventOf<v1::SessionOutcomeRetracted>(c, session, work.now());
  event.set_retracted_state(retracted);
  event.set_reason(reason);
  event.set_retracted_service_date(base::FormatDay(*session.service_day()));
  AppendToCase(work, c, event);
  return DoneWith(session);
}

}  // namespace ieum::casemgmt
