#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/crypto/random_id.h"
#include "services/casemgmt/appointments/appointment_commands.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/groups/group_commands.h"
#include "services/casemgmt/groups/group_parts.h"
#include "services/casemgmt/groups/group_session_store.h"

namespace ieum::casemgmt {
namespace {

ledger::Done DoneWith(const GroupSession& session) {
  return {session.group_id, GroupSessionName(session.group_id, session.id)};
}

absl::Status CheckCount(const WholeGroup& whole, size_t more) {
  if (whole.sessions.size() + more <= kGroupSessionsMax) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_RECURRENCE_INVALID, "recurrence",
                            absl::StrCat("gives ", more, " sessions, and a group has at most ",
                                         kGroupSessionsMax, ", those that it has included"));
}

base::Uuid SessionId(const ledger::UnitOfWork& work, size_t at) {
  return work.DeriveId(absl::StrCat("session/", at));
}

struct Loaded {
  WholeGroup whole;
  GroupSession* session = nullptr;
};

absl::StatusOr<Loaded> Load(ledger::UnitOfWork& work, const GroupSessionInput& input) {
  ASSIGN_OR_RETURN(WholeGroup whole, LockWhole(work, input.group));
  Loaded loaded{.whole = std::move(whole)};
  loaded.session = loaded.whole.session(input.session_id);
  if (loaded.session != nullptr) return loaded;
  return base::NotFound(GroupSessionName(input.group.group_id, input.session_id));
}

}  // namespace

absl::StatusOr<ledger::Done> PlanGroupSessions(ledger::UnitOfWork& work,
                                               const PlanGroupSessionsInput& input) {
  Adding adding;
  for (size_t at = 0; at < input.starts.size(); ++at) {
    adding.sessions.push_back(crypto::RandomId());
  }
  ASSIGN_OR_RETURN(WholeGroup whole, LockWhole(work, input.group, adding));
  RETURN_IF_ERROR(NextState(whole.group.state, GroupStep::kPlan).status());
  RETURN_IF_ERROR(CheckCount(whole, input.starts.size()));
  int number = 0;
  for (const GroupSession& session : whole.sessions) number = std::max(number, session.number);
  std::vector<GroupSession> planned;
  for (size_t at = 0; at < input.starts.size(); ++at) {
    GroupSession session;
    session.id = SessionId(work, at);
    session.group_id = whole.group.id;
    session.number = ++number;
    session.start = input.starts[at];
    session.end = session.start + input.length;
    session.place = input.place;
    session.appointment_seed = adding.sessions[at];
    session.create_time = session.update_time = work.now();
    planned.push_back(std::move(session));
  }
  for (const GroupSession& session : planned) {
    RETURN_IF_ERROR(CheckApart(session, whole.sessions));
    RETURN_IF_ERROR(TakeTime(work, whole.group, session));
  }
  for (const GroupSession& session : planned) {
    if (!InsertGroupSession(work.tx(), session)) db::Conflict();
    Append(work, whole.group, EventOf<v1::GroupSessionPlanned>(whole.group, session, work.now()));
    Expect(work, whole, session);
  }
  return DoneWith(planned.front());
}

absl::StatusOr<ledger::Done> MoveGroupSession(ledger::UnitOfWork& work,
                                              const GroupSessionInput& input, absl::Time start,
                                              std::optional<absl::Duration> length) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input));
  const WholeGroup& whole = loaded.whole;
  GroupSession& session = *loaded.session;
  RETURN_IF_ERROR(NextState(whole.group.state, GroupStep::kMoveSession).status());
  ASSIGN_OR_RETURN(session.state, NextState(session.state, GroupSessionStep::kMove));
  const GroupSession before = session;
  session.start = start;
  session.end = start + length.value_or(before.end - before.start);
  if (session == before) return DoneWith(session);
  RETURN_IF_ERROR(CheckApart(session, whole.sessions));
  RETURN_IF_ERROR(TakeTime(work, whole.group, session));
  Save(work, session);
  auto event = EventOf<v1::GroupSessionMoved>(whole.group, session, work.now());
  event.set_previous_session_date(base::FormatDay(before.day()));
  *event.mutable_previous_start_time() = ToTimestamp(before.start);
  Append(work, whole.group, event);
  for (const GroupMember& member : whole.members) {
    if (!member.takes_part()) continue;
    MoveAppointment(work, AppointmentFor(session.appointment_seed, member.id, member.joins),
                    session.start, session.end, whole.group.coach);
  }
  // Whoever was not told because it lay in the past is told now.
  Expect(work, whole, session);
  return DoneWith(session);
}

absl::StatusOr<ledger::Done> CancelGroupSession(ledger::UnitOfWork& work,
                                                const GroupSessionInput& input,
                                                v1::GroupSessionCancelReason reason) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input));
  RETURN_IF_ERROR(NextState(loaded.whole.group.state, GroupStep::kCancelSession).status());
  RETURN_IF_ERROR(NextState(loaded.session->state, GroupSessionStep::kCancel).status());
  CancelOne(work, loaded.whole, *loaded.session, reason);
  return DoneWith(*loaded.session);
}

}  // namespace ieum::casemgmt
