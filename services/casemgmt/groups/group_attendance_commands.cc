#include <map>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "services/casemgmt/appointments/appointment_commands.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/groups/group_commands.h"
#include "services/casemgmt/groups/group_member_store.h"
#include "services/casemgmt/groups/group_parts.h"
#include "services/casemgmt/groups/group_session_store.h"
#include "services/casemgmt/sealed_words.h"

namespace ieum::casemgmt {
namespace {

struct Loaded {
  WholeGroup whole;
  GroupSession* session = nullptr;
  KnownAttendances known;  // at the session
  std::map<base::Uuid, std::vector<GroupTime>> earlier;

  // In which time the member took part in the group on the session's day.
  std::optional<int> TimeAtSession(const GroupMember& member) const {
    const auto times = earlier.find(member.id);
    if (times == earlier.end()) return TimeOn(member, {}, session->day());
    return TimeOn(member, times->second, session->day());
  }
};

absl::StatusOr<Loaded> Load(ledger::UnitOfWork& work, const GroupSessionInput& input) {
  ASSIGN_OR_RETURN(WholeGroup whole,
                   LockWhole(work, input.group, {.sessions = {input.session_id}}));
  Loaded loaded{.whole = std::move(whole)};
  loaded.session = loaded.whole.session(input.session_id);
  if (loaded.session == nullptr) {
    return base::NotFound(GroupSessionName(input.group.group_id, input.session_id));
  }
  loaded.known = KnownAt(work.tx(), *loaded.session);
  loaded.earlier = EarlierTimesIn(work.tx(), input.group.group_id);
  return loaded;
}

bool Came(v1::GroupAttendanceState state) { return state == v1::GROUP_ATTENDANCE_STATE_PRESENT; }

void TellAppointment(ledger::UnitOfWork& work, const Loaded& loaded, const GroupMember& member,
                     v1::GroupAttendanceState state) {
  const int time = loaded.TimeAtSession(member).value_or(member.joins);
  const base::Uuid id = AppointmentFor(loaded.session->appointment_seed, member.id, time);
  if (Came(state)) {
    KeepAppointment(work, id);
  } else {
    MissAppointment(work, id);
  }
}

// For the first time, or anew once what was said before was taken back.
void RecordFirst(ledger::UnitOfWork& work, const Loaded& loaded, const GroupMember& member,
                 v1::GroupAttendanceState state) {
  const Group& group = loaded.whole.group;
  const GroupAttendance attendance = Record(work, loaded.known, *loaded.session, member.id, state);
  auto event = EventOf<v1::GroupAttendanceRecorded>(group, *loaded.session, member, work.now());
  event.set_record_id(attendance.record_id.ToString());
  event.set_attendance(state);
  Append(work, group, event);
  TellAppointment(work, loaded, member, state);
}

void Correct(ledger::UnitOfWork& work, const Loaded& loaded, const GroupMember& member,
             const GroupAttendance& before, v1::GroupAttendanceState state) {
  const Group& group = loaded.whole.group;
  const GroupAttendance attendance = Record(work, loaded.known, *loaded.session, member.id, state);
  auto event = EventOf<v1::GroupAttendanceCorrected>(group, *loaded.session, member, work.now());
  event.set_previous_record_id(before.record_id.ToString());
  event.set_previous_attendance(before.state);
  event.set_record_id(attendance.record_id.ToString());
  event.set_attendance(state);
  Append(work, group, event);
  TellAppointment(work, loaded, member, state);
}

// Whether she came is not known any more. Who takes part in the same time still keeps her
// appointment, which waits for what is said next; of others nothing will be said.
void TakeBack(ledger::UnitOfWork& work, const Loaded& loaded, const GroupMember& member,
              const GroupAttendance& before) {
  const Group& group = loaded.whole.group;
  Record(work, loaded.known, *loaded.session, member.id, v1::GROUP_ATTENDANCE_STATE_UNSPECIFIED);
  auto event = EventOf<v1::GroupAttendanceRetracted>(group, *loaded.session, member, work.now());
  event.set_previous_record_id(before.record_id.ToString());
  event.set_previous_attendance(before.state);
  Append(work, group, event);
  for (int time = 1; time <= member.joins; ++time) {
    if (member.takes_part() && time == member.joins) continue;
    CancelAppointment(work, AppointmentFor(loaded.session->appointment_seed, member.id, time));
  }
}

// The coach is told of who missed two sessions in a row, once for each run.
void TellAbsences(ledger::UnitOfWork& work, WholeGroup& whole, const GroupSession& session,
                  GroupMember& member, const std::vector<SessionOfMember>& held) {
  if (!member.takes_part() || whole.group.state != v1::GROUP_STATE_RUNNING) return;
  const int run = AbsencesToTell(member, held);
  if (run == 0) return;
  member.alerted_session = held.back().session_id;
  for (const SessionOfMember& each : held) {
    if (each.attendance != v1::GROUP_ATTENDANCE_STATE_UNSPECIFIED) {
      member.alerted_session = each.session_id;  // the last that is known of her
    }
  }
  Save(work, member);
  auto event = EventOf<v1::GroupAbsencesRepeated>(whole.group, session, member, work.now());
  event.set_absence_count(run);
  event.set_absence_run_id(
      work.DeriveId(absl::StrCat("absence_run/", member.id.ToString())).ToString());
  Append(work, whole.group, event);
}

// Once a held session was taken back: absences around it may be a run now, or none any more. `held`
// has the session.
void JudgeRunsWithout(ledger::UnitOfWork& work, WholeGroup& whole, const GroupSession& session,
                      std::vector<std::vector<SessionOfMember>> held) {
  for (size_t at = 0; at < whole.members.size(); ++at) {
    GroupMember& member = whole.members[at];
    const auto alerted = AlertedWithout(member, held[at], session.id);
    if (alerted != member.alerted_session) {
      member.alerted_session = alerted;
      Save(work, member);
    }
    std::erase_if(held[at], [&](const auto& each) { return each.session_id == session.id; });
    if (held[at].empty()) continue;
    TellAbsences(work, whole, *whole.session(held[at].back().session_id), member, held[at]);
  }
}

// After a correction in a group that is over: whether she completed it is decided anew.
void JudgeAnew(ledger::UnitOfWork& work, WholeGroup& whole, GroupMember& member,
               const std::vector<SessionOfMember>& held) {
  const Group& group = whole.group;
  if (group.state != v1::GROUP_STATE_COMPLETED) return;
  const Attended attended = AttendedBy(member, held);
  const bool completes = Completes(attended, group.completion_percent);
  const bool completed = member.state == v1::GROUP_MEMBER_STATE_COMPLETED;
  const bool stayed = member.leave_reason == v1::GROUP_LEAVE_REASON_NOT_COMPLETED;
  if (completes && !completed && stayed) {
    CompleteOne(work, group, member, attended);
  } else if (!completes && completed) {
    const std::string day = DayText(member.completed_day);
    member.state = v1::GROUP_MEMBER_STATE_LEFT;
    member.completed_day.reset();
    member.leave_day = group.ended_day;
    member.leave_reason = v1::GROUP_LEAVE_REASON_NOT_COMPLETED;
    Save(work, member);
    auto event = EventOf<v1::GroupMemberCompletionRetracted>(group, member, work.now());
    event.set_completed_date(day);
    event.set_attended_count(attended.attended);
    event.set_held_count(attended.held);
    Append(work, group, event);
  }
}

}  // namespace

absl::StatusOr<ledger::Done> HoldGroupSession(ledger::UnitOfWork& work,
                                              const GroupSessionInput& input,
                                              const std::vector<AttendanceSaid>& said) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input));
  WholeGroup& whole = loaded.whole;
  GroupSession& session = *loaded.session;
  RETURN_IF_ERROR(NextState(whole.group.state, GroupStep::kHoldSession).status());
  ASSIGN_OR_RETURN(session.state, NextState(session.state, GroupSessionStep::kHold));
  RETURN_IF_ERROR(CheckBegan(session, work.now()));
  std::vector<base::Uuid> expected;
  for (const GroupMember& member : whole.members) {
    if (loaded.TimeAtSession(member)) expected.push_back(member.id);
  }
  RETURN_IF_ERROR(CheckSaidOfEach(said, expected));
  Save(work, session);
  int present = 0;
  for (const AttendanceSaid& each : said) {
    present += Came(each.state) ? 1 : 0;
    RecordFirst(work, loaded, *whole.member(each.member_id), each.state);
  }
  auto event = EventOf<v1::GroupSessionHeld>(whole.group, session, work.now());
  event.set_present_count(present);
  event.set_absent_count(static_cast<int>(said.size()) - present);
  Append(work, whole.group, event);
  const auto held = HeldFor(work.tx(), whole);
  for (size_t at = 0; at < whole.members.size(); ++at) {
    TellAbsences(work, whole, session, whole.members[at], held[at]);
  }
  return ledger::Done{whole.group.id, GroupSessionName(whole.group.id, session.id)};
}

absl::StatusOr<ledger::Done> RetractGroupSession(ledger::UnitOfWork& work,
                                                 const GroupSessionInput& input,
                                                 v1::SessionCorrection reason) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input));
  WholeGroup& whole = loaded.whole;
  GroupSession& session = *loaded.session;
  RETURN_IF_ERROR(CheckRetractable(whole.group.state));
  ASSIGN_OR_RETURN(session.state, NextState(session.state, GroupSessionStep::kRetract));
  const auto before = HeldFor(work.tx(), whole);
  Save(work, session);
  int retracted = 0;
  for (const auto& [member, attendance] : loaded.known) {
    if (!attendance.said()) continue;
    TakeBack(work, loaded, *whole.member(member), attendance);
    ++retracted;
  }
  auto event = EventOf<v1::GroupSessionRetracted>(whole.group, session, work.now());
  event.set_reason(reason);
  event.set_retracted_count(retracted);
  Append(work, whole.group, event);
  JudgeRunsWithout(work, whole, session, before);
  return ledger::Done{whole.group.id, GroupSessionName(whole.group.id, session.id)};
}

absl::StatusOr<ledger::Done> RecordGroupAttendance(ledger::UnitOfWork& work,
                                                   const GroupSessionInput& input,
                                                   const AttendanceSaid& said_now) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input));
  WholeGroup& whole = loaded.whole;
  const GroupSession& session = *loaded.session;
  RETURN_IF_ERROR(NextState(whole.group.state, GroupStep::kRecord).status());
  RETURN_IF_ERROR(NextState(session.state, GroupSessionStep::kRecord).status());
  GroupMember* member = whole.member(said_now.member_id);
  if (member == nullptr) {
    return base::NotFound(GroupMemberName(whole.group.id, said_now.member_id));
  }
  const auto known = loaded.known.find(member->id);
  const bool said = known != loaded.known.end() && known->second.said();
  // What stands can be put right even when she turned out to have left before.
  if (!said && !loaded.TimeAtSession(*member)) return CheckSaidOfEach({said_now}, {});
  const base::Uuid id = base::Uuid::Derive(session.id, member->id.ToString());
  const ledger::Done done{whole.group.id, GroupAttendanceName(whole.group.id, id)};
  if (said && known->second.state == said_now.state) return done;
  if (said) {
    Correct(work, loaded, *member, known->second, said_now.state);
  } else {
    RecordFirst(work, loaded, *member, said_now.state);
  }
  const auto all = HeldFor(work.tx(), whole);
  const auto& held = all[member - whole.members.data()];
  TellAbsences(work, whole, session, *member, held);
  JudgeAnew(work, whole, *member, held);
  return done;
}

absl::StatusOr<ledger::Done> RecordGroupLog(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const GroupLogInput& input) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input.session));
  const Group& group = loaded.whole.group;
  GroupSession& session = *loaded.session;
  RETURN_IF_ERROR(NextState(group.state, GroupStep::kLog).status());
  RETURN_IF_ERROR(NextState(session.state, GroupSessionStep::kLog).status());
  // The log is the group's, not one person's: its key stands beside persons' keys under the group's
  // id, so that a new wrapping key reaches it, too.
  ASSIGN_OR_RETURN(const SealedWords words,
                   SealedWords::ToWrite(work.tx(), keys, group.id, !input.text.empty()));
  if (input.take_out_earlier) TakeOutGroupLogs(work.tx(), session.id);
  ++session.log_revision;
  InsertGroupLog(work.tx(),
                 {.group_id = group.id,
                  .session_id = session.id,
                  .revision = session.log_revision,
                  .record_time = work.now()},
                 words.Box(kGroupLogBox, input.text));
  Save(work, session);
  auto event = EventOf<v1::GroupLogRecorded>(group, session, work.now());
  event.set_revision(session.log_revision);
  Append(work, group, event);
  return ledger::Done{group.id, GroupLogName(group.id, session.id, session.log_revision)};
}

}  // namespace ieum::casemgmt
