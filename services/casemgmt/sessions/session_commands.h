// The use cases of sessions and of the notes on them. A session belongs to its case: that is what
// is locked, and its version is the etag. Errors are those that SessionService promises, beside
// those of LoadCase.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/case_commands.h"
#include "services/casemgmt/sessions/session.h"
#include "services/casemgmt/sessions/session_note.h"

namespace ieum::casemgmt {

// The names under which words are sealed; they are bound into the boxes and never change.
inline constexpr char kGoalBox[] = "session_goal";
inline constexpr char kNoteBox[] = "session_note";

struct PlanSessionInput {
  CaseInput of;
  std::optional<base::Uuid> session_id;  // absent = derived from the request
  v1::SessionType type = v1::SESSION_TYPE_UNSPECIFIED;
  v1::SessionPurpose purpose = v1::SESSION_PURPOSE_UNSPECIFIED;  // unspecified = by the case
  v1::SessionChannel channel = v1::SESSION_CHANNEL_UNSPECIFIED;
  std::optional<absl::Time> start, end;  // both or none
  std::optional<base::Uuid> provider, provider_organization;
  std::vector<v1::SessionParticipant> participants;
  std::string goal;  // sealed
};
absl::StatusOr<ledger::Done> PlanSession(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const PlanSessionInput& input);

// What every step of a session says.
struct SessionInput {
  CaseInput of;
  base::Uuid session_id;
};
// Absent, or unspecified = stays.
struct SessionPlace {
  std::optional<absl::Time> start, end;
  std::optional<base::Uuid> provider;
  v1::SessionChannel channel = v1::SESSION_CHANNEL_UNSPECIFIED;
};
absl::StatusOr<ledger::Done> BookSession(ledger::UnitOfWork& work, const SessionInput& input,
                                         const SessionPlace& place);
absl::StatusOr<ledger::Done> MoveSession(ledger::UnitOfWork& work, const SessionInput& input,
                                         const SessionPlace& place);
absl::StatusOr<ledger::Done> CancelSession(ledger::UnitOfWork& work, const SessionInput& input,
                                           v1::SessionCanceller by, v1::SessionCancelReason reason);

// In session_outcomes.cc.
struct DoneSessionInput {
  v1::SessionOutcome outcome = v1::SESSION_OUTCOME_UNSPECIFIED;
  std::optional<absl::Time> start, end;                          // absent = as booked
  int minutes = 0;                                               // 0 = from begin to end
  v1::SessionChannel channel = v1::SESSION_CHANNEL_UNSPECIFIED;  // unspecified = as booked
  std::optional<absl::CivilDay> next_day;
};
absl::StatusOr<ledger::Done> RecordSession(ledger::UnitOfWork& work, const SessionInput& input,
                                           const DoneSessionInput& done);
absl::StatusOr<ledger::Done> RecordAbsence(ledger::UnitOfWork& work, const SessionInput& input,
                                           v1::SessionAbsence absence);
absl::StatusOr<ledger::Done> RetractOutcome(ledger::UnitOfWork& work, const SessionInput& input,
                                            v1::SessionCorrection reason);

// In session_note_commands.cc.
struct AddNoteInput {
  SessionInput of;
  std::optional<base::Uuid> note_id;  // absent = derived from the request
  std::string text;
  v1::NoteSensitivity sensitivity = v1::NOTE_SENSITIVITY_UNSPECIFIED;
  std::optional<base::Uuid> corrects;
  base::Uuid author_subject;
};
absl::StatusOr<ledger::Done> AddNote(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                     const AddNoteInput& input);

// What the end of a case leaves over: its planned sessions, and those that are booked for later.
// The first locks the case and their appointments, and answers these; the second is called after
// the case's own event.
std::vector<base::Uuid> LockWithAppointments(ledger::UnitOfWork& work, const base::Uuid& case_id);
struct CancelledSessions {
  int sessions = 0, appointments = 0;  // those of them for which she was expected
};
CancelledSessions CancelOpenSessions(ledger::UnitOfWork& work, const Case& c,
                                     const std::vector<base::Uuid>& locked);
// After the locks of the first as well, where the case went to another centre: what is still to
// come belongs to that one. Nobody of the centre before holds it any more; who comes from outside
// still does.
void GiveOpenSessions(ledger::UnitOfWork& work, const Case& c,
                      const std::vector<base::Uuid>& locked);

// Parts that the use cases of sessions share.

struct LoadedSession {
  Case c;
  Session session;
  base::Uuid appointment;  // the session's, or what it would have: locked
};
// Locks the case and the session's appointment. NOT_FOUND and the errors of LoadCase.
absl::StatusOr<LoadedSession> LoadSession(ledger::UnitOfWork& work, const SessionInput& input);
// CONSENT_MISSING when what is said there is sensitive and she has not consented to that. law:L09
absl::Status CheckSensitiveConsent(ledger::UnitOfWork& work, const Case& c);
// PROVIDER_BUSY.
absl::Status TakeProviderHours(ledger::UnitOfWork& work, const Session& session);
// The task to record what became of the session, within kOutcomeDays of `day`.
void PutOutcomeTask(ledger::UnitOfWork& work, const Case& c, const Session& session,
                    absl::CivilDay day);
base::Uuid OutcomeTaskOf(const Session& session);
ledger::Done DoneWith(const Session& session);

}  // namespace ieum::casemgmt
