#include "services/casemgmt/sessions/session.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

struct SessionMove {
  SessionStep step;
  v1::SessionState from, to;
};

constexpr SessionMove kMoves[] = {
    {SessionStep::kBook, v1::SESSION_STATE_PLANNED, v1::SESSION_STATE_BOOKED},
    {SessionStep::kMove, v1::SESSION_STATE_PLANNED, v1::SESSION_STATE_PLANNED},
    {SessionStep::kMove, v1::SESSION_STATE_BOOKED, v1::SESSION_STATE_BOOKED},
    {SessionStep::kCancel, v1::SESSION_STATE_PLANNED, v1::SESSION_STATE_CANCELLED},
    {SessionStep::kCancel, v1::SESSION_STATE_BOOKED, v1::SESSION_STATE_CANCELLED},
    {SessionStep::kRecord, v1::SESSION_STATE_BOOKED, v1::SESSION_STATE_DONE},
    {SessionStep::kMiss, v1::SESSION_STATE_BOOKED, v1::SESSION_STATE_NO_SHOW},
    {SessionStep::kRetract, v1::SESSION_STATE_DONE, v1::SESSION_STATE_BOOKED},
    {SessionStep::kRetract, v1::SESSION_STATE_NO_SHOW, v1::SESSION_STATE_BOOKED},
    {SessionStep::kRetract, v1::SESSION_STATE_CANCELLED, v1::SESSION_STATE_BOOKED},
};

const char* WhatWouldBeRight(v1::SessionState state) {
  switch (state) {
    case v1::SESSION_STATE_PLANNED:
      return "book it first";
    case v1::SESSION_STATE_BOOKED:
      return "record what became of it first";
    default:
      return "take its outcome back first if it was a mistake";
  }
}

constexpr absl::Duration kLongestSession = absl::Hours(24);

}  // namespace

std::optional<absl::CivilDay> Session::service_day() const {
  if (!times) return std::nullopt;
  return base::KoreaDay(times->start);
}

absl::StatusOr<v1::SessionState> NextState(v1::SessionState state, SessionStep step) {
  for (const SessionMove& move : kMoves) {
    if (move.step == step && move.from == state) return move.to;
  }
  const std::string name = v1::SessionState_Name(state);
  const auto word = absl::StripPrefix(name, "SESSION_STATE_");
  return base::Forbidden(v1::ERROR_REASON_SESSION_STATE,
                         absl::StrCat("a session that is ", word, " does not allow this step; ",
                                      WhatWouldBeRight(state)),
                         {{"state", std::string_view(word.data(), word.size())}});
}

absl::Status CheckComesBack(const Session& session, absl::Time now) {
  if (session.state != v1::SESSION_STATE_CANCELLED) return absl::OkStatus();
  if (session.booked && session.times && session.times->start <= now) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_SESSION_STATE,
                         "a session that was cancelled before its time stays cancelled; plan "
                         "another one",
                         {{"state", "CANCELLED"}});
}

absl::StatusOr<v1::SessionPurpose> DecidePurpose(v1::SessionPurpose asked, bool plan_signed,
                                                 bool emergency) {
  if (asked == v1::SESSION_PURPOSE_UNSPECIFIED) {
    return plan_signed ? v1::SESSION_PURPOSE_SERVICE : v1::SESSION_PURPOSE_CONSULTATION;
  }
  if (asked == v1::SESSION_PURPOSE_SERVICE && !plan_signed && !emergency) {
    return base::Forbidden(v1::ERROR_REASON_SESSION_BEFORE_PLAN,
                           "services begin when the plan is signed; plan a consultation, or open "
                           "the emergency path where the risk is at its highest");
  }
  return asked;
}

absl::StatusOr<std::optional<SessionTimes>> TimesOf(const std::optional<absl::Time>& start,
                                                    const std::optional<absl::Time>& end) {
  if (!start && !end) return std::optional<SessionTimes>();
  if (!start || !end) {
    return base::InvalidField("INVALID_FIELD", start ? "end_time" : "start_time",
                              "begin and end are given together");
  }
  if (*start >= *end || *end - *start > kLongestSession) {
    return base::InvalidField(v1::ERROR_REASON_DATE_ORDER, "end_time",
                              "must be later than start_time, by at most 24 hours");
  }
  return std::optional(SessionTimes{*start, *end});
}

absl::StatusOr<std::optional<SessionTimes>> TimesOf(const std::optional<SessionTimes>& known,
                                                    const std::optional<absl::Time>& start,
                                                    const std::optional<absl::Time>& end) {
  if (!known) return TimesOf(start, end);
  return TimesOf(start ? start : known->start, end ? end : known->end);
}

absl::Status CheckBookable(const Session& session) {
  if (!session.times) {
    return base::Forbidden(v1::ERROR_REASON_SESSION_TIME_MISSING,
                           "the session has no time yet; say when it begins and ends");
  }
  if (!session.provider) {
    return base::Forbidden(v1::ERROR_REASON_PROVIDER_MISSING,
                           "nobody is named who holds the session; say who does");
  }
  return absl::OkStatus();
}

absl::Status CheckHeldAt(absl::Time start, absl::Time now,
                         const std::optional<absl::CivilDay>& intake,
                         const std::optional<absl::CivilDay>& closed) {
  if (start > now) {
    return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, "start_time",
                              "must not be in the future: what became of a session is recorded "
                              "when it has begun");
  }
  const absl::CivilDay day = base::KoreaDay(start);
  if (intake && day < *intake) {
    return base::InvalidField(
        v1::ERROR_REASON_DATE_ORDER, "start_time",
        absl::StrCat(base::FormatDay(day), " is before the intake, ", base::FormatDay(*intake)));
  }
  if (closed && day > *closed) {
    return base::InvalidField(v1::ERROR_REASON_DATE_ORDER, "start_time",
                              absl::StrCat(base::FormatDay(day), " is after the end of the case, ",
                                           base::FormatDay(*closed)));
  }
  return absl::OkStatus();
}

absl::Status CheckSessionRoom(int sessions) {
  if (sessions < kSessionsMax) return absl::OkStatus();
  return base::Forbidden(
      v1::ERROR_REASON_SESSION_LIMIT,
      absl::StrCat("a case holds ", kSessionsMax, " sessions; close it and open the next one"),
      {{"limit", absl::StrCat(kSessionsMax)}});
}

absl::Status CheckNoteRoom(int notes) {
  if (notes < kNotesMax) return absl::OkStatus();
  return base::Forbidden(
      v1::ERROR_REASON_SESSION_LIMIT,
      absl::StrCat("a session holds ", kNotesMax, " notes; write the next one on another session"),
      {{"limit", absl::StrCat(kNotesMax)}});
}

int MinutesOf(const SessionTimes& times) {
  return std::max<int>(1, static_cast<int>(absl::ToInt64Minutes(times.end - times.start)));
}

AbsenceRun RunOfAbsences(std::vector<EndedSession> ended) {
  std::sort(ended.begin(), ended.end(), [](const EndedSession& one, const EndedSession& other) {
    return std::tie(one.start, one.id) < std::tie(other.start, other.id);
  });
  AbsenceRun run;
  for (auto at = ended.rbegin(); at != ended.rend(); ++at) {
    if (at->done) {
      run.after = at->id;
      break;
    }
    ++run.length;
  }
  return run;
}

std::string SessionName(const base::Uuid& case_id, const base::Uuid& id) {
  return absl::StrCat("cases/", case_id.ToString(), "/sessions/", id.ToString());
}

}  // namespace ieum::casemgmt
