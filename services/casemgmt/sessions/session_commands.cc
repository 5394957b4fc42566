#include "services/casemgmt/sessions/session_commands.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/crypto/random_id.h"
#include "services/casemgmt/appointments/appointment_commands.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/engagements/consultant_hours.h"
#include "services/casemgmt/references/consent_heard.h"
#include "services/casemgmt/sealed_words.h"
#include "services/casemgmt/sessions/session_events.h"
#include "services/casemgmt/sessions/session_store.h"

namespace ieum::casemgmt {
namespace {

// Where services may go on: a plan was signed and no other one has taken its place.
bool PlanSigned(const Case& c) {
  return c.state == v1::CASE_STATE_DELIVERY || c.state == v1::CASE_STATE_MONITORING ||
         c.reassess_due_day.has_value();
}

absl::StatusOr<Session> NewSession(ledger::UnitOfWork& work, const PlanSessionInput& input,
                                   const Case& c) {
  Session session;
  session.id = input.session_id.value_or(work.DeriveId("session"));
  session.case_id = c.id;
  session.type = input.type;
  session.channel = input.channel;
  session.provider = input.provider;
  session.provider_organization = input.provider_organization;
  session.participants = input.participants;
  session.create_time = session.update_time = work.now();
  ASSIGN_OR_RETURN(session.times, TimesOf(input.start, input.end));
  ASSIGN_OR_RETURN(session.purpose, DecidePurpose(input.purpose, PlanSigned(c), c.urgent));
  session.urgent = session.purpose == v1::SESSION_PURPOSE_SERVICE && !PlanSigned(c);
  return session;
}

absl::Status Place(const SessionPlace& place, Session* session) {
  ASSIGN_OR_RETURN(session->times, TimesOf(session->times, place.start, place.end));
  if (place.provider) session->provider = place.provider;
  if (place.channel != v1::SESSION_CHANNEL_UNSPECIFIED) session->channel = place.channel;
  return absl::OkStatus();
}

// She is reminded of what is still to come; what has begun needs no reminder, and who is no longer
// known gets none. Before any other write: it can refuse.
absl::Status Expect(ledger::UnitOfWork& work, const LoadedSession& loaded, Session& session) {
  const Case& c = loaded.c;
  if (session.appointment) {
    MoveAppointment(work, *session.appointment, session.times->start, session.times->end,
                    session.provider);
    return absl::OkStatus();
  }
  if (session.times->start <= work.now() || !c.person) return absl::OkStatus();
  RETURN_IF_ERROR(BookAppointment(work, {.id = loaded.appointment,
                                         .person = *c.person,
                                         .start = session.times->start,
                                         .end = session.times->end,
                                         .centre = c.centre,
                                         .host = session.provider,
                                         .case_id = c.id}));
  session.appointment = loaded.appointment;
  return absl::OkStatus();
}

// The case stays where it is; what changes is a part of it.
template <class Event>
void Tell(ledger::UnitOfWork& work, const Case& c, Session& session) {
  session.update_time = work.now();
  SaveSession(work.tx(), session);
  AppendToCase(work, c, EventOf<Event>(c, session, work.now()));
}

void WriteCancellation(ledger::UnitOfWork& work, const Case& c, Session& session,
                       v1::SessionCanceller by, v1::SessionCancelReason reason) {
  session.state = v1::SESSION_STATE_CANCELLED;
  session.cancelled_by = by;
  session.cancel_reason = reason;
  session.record_day = base::KoreaDay(work.now());
  session.update_time = work.now();
  FreeHours(work.tx(), session.id);
  if (session.appointment) CancelAppointment(work, *session.appointment);
  EndTask(work, OutcomeTaskOf(session), v1::CASE_TASK_STATE_DROPPED);
  SaveSession(work.tx(), session);
  auto event = EventOf<v1::SessionCancelled>(c, session, work.now());
  event.set_cancelled_by(by);
  event.set_reason(reason);
  AppendToCase(work, c, event);
}

bool Has(const std::vector<base::Uuid>& ids, const base::Uuid& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// What is booked and has begun waits for its outcome, also behind the end of its case.
bool LeftOver(const Session& session, absl::Time now) {
  return session.state == v1::SESSION_STATE_PLANNED || session.times->start > now;
}

}  // namespace

ledger::Done DoneWith(const Session& session) {
  return {session.case_id, SessionName(session.case_id, session.id)};
}

base::Uuid OutcomeTaskOf(const Session& session) {
  return TaskId(session.case_id, session.id.ToString());
}

void PutOutcomeTask(ledger::UnitOfWork& work, const Case& c, const Session& session,
                    absl::CivilDay day) {
  Task task =
      TaskOf(c, v1::CASE_TASK_KIND_SESSION_OUTCOME, session.id.ToString(), day + kOutcomeDays);
  task.subject = SessionName(c.id, session.id);
  PutTask(work, task);
}

absl::StatusOr<LoadedSession> LoadSession(ledger::UnitOfWork& work, const SessionInput& input) {
  const auto seen = FindSession(work.tx(), input.of.case_id, input.session_id);
  const base::Uuid appointment =
      seen && seen->appointment ? *seen->appointment : crypto::RandomId();
  work.Lock({input.of.case_id, appointment});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input.of));
  auto session = FindSession(work.tx(), c.id, input.session_id);
  if (!session) return base::NotFound(SessionName(c.id, input.session_id));
  // Booked between the look and the lock: found by running again.
  if (session->appointment.value_or(appointment) != appointment) db::Conflict();
  return LoadedSession{std::move(c), *std::move(session), appointment};
}

absl::Status CheckSensitiveConsent(ledger::UnitOfWork& work, const Case& c) {
  if (!c.person) return absl::OkStatus();  // nothing is written of whom nobody knows
  return RequireConsent(work.tx(), *c.person, registry::v1::CONSENT_PURPOSE_SENSITIVE, work.now());
}

absl::Status TakeProviderHours(ledger::UnitOfWork& work, const Session& session) {
  if (!session.provider || !session.times) return absl::OkStatus();
  if (TakeHours(work.tx(), ConsultantHours{session.id, *session.provider, session.times->start,
                                           session.times->end})) {
    return absl::OkStatus();
  }
  return base::Forbidden(v1::ERROR_REASON_PROVIDER_BUSY,
                         "who holds the session has another session or visit at that time; choose "
                         "another time or another person");
}

absl::StatusOr<ledger::Done> PlanSession(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const PlanSessionInput& input) {
  work.Lock({input.of.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input.of));
  RETURN_IF_ERROR(NextState(c, CaseStep::kRecordSession).status());
  ASSIGN_OR_RETURN(const Session session, NewSession(work, input, c));
  if (session.type == v1::SESSION_TYPE_PSYCHOLOGICAL) {
    RETURN_IF_ERROR(CheckSensitiveConsent(work, c));
  }
  RETURN_IF_ERROR(CheckSessionRoom(CountSessions(work.tx(), c.id)));
  ASSIGN_OR_RETURN(const SealedWords words,
                   SealedWords::ToWrite(work.tx(), keys, c.person, !input.goal.empty()));
  if (!InsertSession(work.tx(), session, words.Box(kGoalBox, input.goal))) {
    return base::AlreadyExists("ID_TAKEN", "there is a session with this id; choose another");
  }
  AppendToCase(work, c, EventOf<v1::SessionPlanned>(c, session, work.now()));
  return DoneWith(session);
}

absl::StatusOr<ledger::Done> BookSession(ledger::UnitOfWork& work, const SessionInput& input,
                                         const SessionPlace& place) {
  ASSIGN_OR_RETURN(LoadedSession loaded, LoadSession(work, input));
  auto& [c, session, appointment] = loaded;
  ASSIGN_OR_RETURN(session.state, NextState(session.state, SessionStep::kBook));
  RETURN_IF_ERROR(NextState(c, CaseStep::kRecordSession).status());
  RETURN_IF_ERROR(Place(place, &session));
  RETURN_IF_ERROR(CheckBookable(session));
  if (session.type == v1::SESSION_TYPE_PSYCHOLOGICAL) {
    RETURN_IF_ERROR(CheckSensitiveConsent(work, c));
  }
  RETURN_IF_ERROR(TakeProviderHours(work, session));
  RETURN_IF_ERROR(Expect(work, loaded, session));
  session.booked = true;
  PutOutcomeTask(work, c, session, *session.service_day());
  Tell<v1::SessionBooked>(work, c, session);
  return DoneWith(session);
}

absl::StatusOr<ledger::Done> MoveSession(ledger::UnitOfWork& work, const SessionInput& input,
                                         const SessionPlace& place) {
  ASSIGN_OR_RETURN(LoadedSession loaded, LoadSession(work, input));
  auto& [c, session, appointment] = loaded;
  RETURN_IF_ERROR(NextState(session.state, SessionStep::kMove).status());
  RETURN_IF_ERROR(NextState(c, CaseStep::kRecordSession).status());
  const Session before = session;
  RETURN_IF_ERROR(Place(place, &session));
  if (session.times == before.times && session.provider == before.provider &&
      session.channel == before.channel) {
    return DoneWith(session);
  }
  if (session.state == v1::SESSION_STATE_BOOKED) {
    RETURN_IF_ERROR(TakeProviderHours(work, session));
    RETURN_IF_ERROR(Expect(work, loaded, session));
    PutOutcomeTask(work, c, session, *session.service_day());
  }
  session.update_time = work.now();
  SaveSession(work.tx(), session);
  auto event = EventOf<v1::SessionMoved>(c, session, work.now());
  if (before.times) event.set_previous_service_date(base::FormatDay(*before.service_day()));
  AppendToCase(work, c, event);
  return DoneWith(session);
}

absl::StatusOr<ledger::Done> CancelSession(ledger::UnitOfWork& work, const SessionInput& input,
                                           v1::SessionCanceller by,
                                           v1::SessionCancelReason reason) {
  ASSIGN_OR_RETURN(LoadedSession loaded, LoadSession(work, input));
  auto& [c, session, appointment] = loaded;
  RETURN_IF_ERROR(NextState(session.state, SessionStep::kCancel).status());
  RETURN_IF_ERROR(NextState(c, CaseStep::kRecordOutcome).status());
  if (reason == v1::SESSION_CANCEL_REASON_CASE_ENDED) {
    return base::InvalidField("INVALID_FIELD", "reason",
                              "CASE_ENDED is said by the end of the case; give another reason");
  }
  WriteCancellation(work, c, session, by, reason);
  return DoneWith(session);
}

std::vector<base::Uuid> LockWithAppointments(ledger::UnitOfWork& work, const base::Uuid& case_id) {
  std::vector<base::Uuid> appointments;
  for (const Session& session : OpenSessionsOf(work.tx(), case_id)) {
    if (session.appointment) appointments.push_back(*session.appointment);
  }
  std::vector<base::Uuid> locked = appointments;
  locked.push_back(case_id);
  work.Lock(std::move(locked));
  return appointments;
}

CancelledSessions CancelOpenSessions(ledger::UnitOfWork& work, const Case& c,
                                     const std::vector<base::Uuid>& locked) {
  CancelledSessions cancelled;
  for (Session& session : OpenSessionsOf(work.tx(), c.id)) {
    if (!LeftOver(session, work.now())) continue;
    // Booked between the look and the locks: found by running again.
    if (session.appointment && !Has(locked, *session.appointment)) db::Conflict();
    WriteCancellation(work, c, session, v1::SESSION_CANCELLER_UNSPECIFIED,
                      v1::SESSION_CANCEL_REASON_CASE_ENDED);
    ++cancelled.sessions;
    if (session.appointment) ++cancelled.appointments;
  }
  return cancelled;
}

void GiveOpenSessions(ledger::UnitOfWork& work, const Case& c,
                      const std::vector<base::Uuid>& locked) {
  for (Session& session : OpenSessionsOf(work.tx(), c.id)) {
    if (!LeftOver(session, work.now())) continue;
    if (session.appointment && !Has(locked, *session.appointment)) db::Conflict();
    if (!session.provider_organization) {
      FreeHours(work.tx(), session.id);
      session.provider.reset();
      session.update_time = work.now();
      SaveSession(work.tx(), session);
    }
    if (session.appointment) {
      GiveAppointment(work, *session.appointment, c.centre, session.provider);
    }
  }
}

}  // namespace ieum::casemgmt
