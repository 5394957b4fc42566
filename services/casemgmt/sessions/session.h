// A session with one person (상담 회기): what it is and what can be done with it. It is part of its
// case. Sources: domain.md §1.A INC-2, §2 (emergency path), §6 L09. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

// Sessions of one case, and notes on one session, at most.
inline constexpr int kSessionsMax = 1000;
inline constexpr int kNotesMax = 100;
// Days within which the outcome of a session is to be recorded.
inline constexpr int kOutcomeDays = 7;
// Absences in a row that are told to who manages the case.
inline constexpr int kToldAbsences = 2;

// When it is held, start ≤ t < end; both or none.
struct SessionTimes {
  absl::Time start, end;
  bool operator==(const SessionTimes&) const = default;
};

struct Session {
  base::Uuid id, case_id;
  v1::SessionType type = v1::SESSION_TYPE_UNSPECIFIED;
  v1::SessionPurpose purpose = v1::SESSION_PURPOSE_UNSPECIFIED;
  v1::SessionChannel channel = v1::SESSION_CHANNEL_UNSPECIFIED;
  v1::SessionState state = v1::SESSION_STATE_PLANNED;
  std::optional<SessionTimes> times;  // real ones when it took place
  std::optional<base::Uuid> provider, provider_organization;
  std::vector<v1::SessionParticipant> participants;
  bool urgent = false;  // a service before the plan was signed
  bool booked = false;  // at some time
  // Its id is random and stands here alone: nothing else leads to it.
  std::optional<base::Uuid> appointment;

  // Of the outcome that stands.
  v1::SessionOutcome outcome = v1::SESSION_OUTCOME_UNSPECIFIED;
  int minutes = 0;
  std::optional<absl::CivilDay> next_day;
  std::optional<absl::CivilDay> record_day;
  v1::SessionAbsence absence = v1::SESSION_ABSENCE_UNSPECIFIED;
  v1::SessionCanceller cancelled_by = v1::SESSION_CANCELLER_UNSPECIFIED;
  v1::SessionCancelReason cancel_reason = v1::SESSION_CANCEL_REASON_UNSPECIFIED;
  int revision = 1;  // one more with each outcome that was taken back

  int note_count = 0;
  absl::Time create_time, update_time;

  // In Korea; nullopt = no time yet.
  std::optional<absl::CivilDay> service_day() const;
};

enum class SessionStep { kBook, kMove, kCancel, kRecord, kMiss, kRetract };
inline constexpr int kSessionSteps = static_cast<int>(SessionStep::kRetract) + 1;

// Where the step leads; SESSION_STATE when the state does not allow it.
absl::StatusOr<v1::SessionState> NextState(v1::SessionState state, SessionStep step);

// A cancelled session comes back only to be recorded: it was booked, and its time has passed.
// SESSION_STATE otherwise.
absl::Status CheckComesBack(const Session& session, absl::Time now);

// What a session is where the caller does not say, and whether it may be that. SESSION_BEFORE_PLAN
// for a service without a signed plan, unless the emergency path is open.
absl::StatusOr<v1::SessionPurpose> DecidePurpose(v1::SessionPurpose asked, bool plan_signed,
                                                 bool emergency);

// DATE_ORDER blaming `end_time` unless it ends after it starts, within a day; INVALID_FIELD blaming
// the one that is missing.
absl::StatusOr<std::optional<SessionTimes>> TimesOf(const std::optional<absl::Time>& start,
                                                    const std::optional<absl::Time>& end);
// The same where what is not given stays as it is.
absl::StatusOr<std::optional<SessionTimes>> TimesOf(const std::optional<SessionTimes>& known,
                                                    const std::optional<absl::Time>& start,
                                                    const std::optional<absl::Time>& end);

// SESSION_TIME_MISSING, PROVIDER_MISSING.
absl::Status CheckBookable(const Session& session);

// What took place began before now (DATE_INVALID), not before the person was taken in, nor after
// her case ended (DATE_ORDER); both blame `start_time`.
absl::Status CheckHeldAt(absl::Time start, absl::Time now,
                         const std::optional<absl::CivilDay>& intake,
                         const std::optional<absl::CivilDay>& closed);

// SESSION_LIMIT when the case, or the session, holds as many as it can.
absl::Status CheckSessionRoom(int sessions);
absl::Status CheckNoteRoom(int notes);

// Whole minutes from begin to end, at least one.
int MinutesOf(const SessionTimes& times);

// A session that took place or was missed.
struct EndedSession {
  base::Uuid id;
  bool done = false;
  absl::Time start;
};
// The sessions in a row that were missed since the last that took place.
struct AbsenceRun {
  int length = 0;
  std::optional<base::Uuid> after;  // the one that took place before them; nullopt = none did
  bool operator==(const AbsenceRun&) const = default;
};
// In whatever order they are given: they are taken in the order of their begins.
AbsenceRun RunOfAbsences(std::vector<EndedSession> ended);

std::string SessionName(const base::Uuid& case_id, const base::Uuid& id);

}  // namespace ieum::casemgmt
