#include "services/casemgmt/groups/group_wire.h"

#include "platform/base/decimal.h"
#include "platform/base/korea_time.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

std::string GroupNameOf(const std::optional<base::Uuid>& id) { return NameIn("groups", id); }

void SetCounts(const GroupCounts& counts, v1::Group* wire) {
  wire->set_invited_count(counts.invited);
  wire->set_active_count(counts.active);
  wire->set_completed_count(counts.completed);
  wire->set_planned_session_count(counts.planned_sessions);
  wire->set_held_session_count(counts.held_sessions);
  wire->set_cancelled_session_count(counts.cancelled_sessions);
}

}  // namespace

v1::Group ToWire(const GroupView& view) {
  const Group& group = view.group;
  v1::Group wire;
  wire.set_name(GroupName(group.id));
  wire.set_code(group.code);
  wire.set_label(group.label);
  wire.set_programme(group.programme);
  wire.set_edition(group.edition);
  wire.set_line_code(group.line_code);
  wire.set_centre(NameIn("organizations", group.centre));
  wire.set_job_code(group.job_code);
  for (const std::string& need : group.needs) wire.add_need_codes(need);
  wire.set_coach(NameIn("persons", group.coach));
  wire.set_coach_subject(NameIn("subjects", group.coach_subject));
  wire.set_min_members(group.min_members);
  wire.set_max_members(group.max_members);
  wire.set_completion_percent(group.completion_percent);
  wire.set_state(group.state);
  SetCounts(view.counts, &wire);
  wire.set_formed_date(base::FormatDay(group.formed_day));
  wire.set_opened_date(DayText(group.opened_day));
  wire.set_started_date(DayText(group.started_day));
  wire.set_ended_date(DayText(group.ended_day));
  wire.set_cancel_reason(group.cancel_reason);
  wire.set_merged_into(GroupNameOf(group.merged_into));
  *wire.mutable_create_time() = ToTimestamp(group.create_time);
  *wire.mutable_update_time() = ToTimestamp(group.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::GroupMember ToWire(const GroupMemberView& view) {
  const GroupMember& member = view.member;
  v1::GroupMember wire;
  wire.set_name(GroupMemberName(member.group_id, member.id));
  wire.set_person(NameIn("persons", member.person));
  if (view.survivor != member.person) {
    wire.set_surviving_person(NameIn("persons", view.survivor));
  }
  wire.set_participant(member.participant.ToString());
  wire.set_state(member.state);
  wire.set_invited_date(base::FormatDay(member.invited_day));
  wire.set_join_date(DayText(member.join_day));
  wire.set_leave_date(DayText(member.leave_day));
  wire.set_leave_reason(member.leave_reason);
  wire.set_completed_date(DayText(member.completed_day));
  wire.set_from_group(GroupNameOf(member.from_group));
  wire.set_attended_count(view.attended.attended);
  wire.set_held_count(view.attended.held);
  wire.set_consecutive_absences(view.absences_in_a_row);
  *wire.mutable_create_time() = ToTimestamp(member.create_time);
  *wire.mutable_update_time() = ToTimestamp(member.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::GroupSession ToWire(const GroupSessionView& view) {
  const GroupSession& session = view.session;
  v1::GroupSession wire;
  wire.set_name(GroupSessionName(session.group_id, session.id));
  wire.set_number(session.number);
  wire.set_state(session.state);
  *wire.mutable_start_time() = ToTimestamp(session.start);
  *wire.mutable_end_time() = ToTimestamp(session.end);
  wire.set_session_date(base::FormatDay(session.day()));
  wire.set_place(session.place);
  wire.set_cancel_reason(session.cancel_reason);
  wire.set_present_count(view.present);
  wire.set_absent_count(view.absent);
  wire.set_log_revision(session.log_revision);
  *wire.mutable_create_time() = ToTimestamp(session.create_time);
  *wire.mutable_update_time() = ToTimestamp(session.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::GroupAttendance ToWire(const GroupAttendanceView& view) {
  const GroupAttendance& attendance = view.attendance;
  v1::GroupAttendance wire;
  wire.set_name(GroupAttendanceName(attendance.group_id, attendance.id));
  wire.set_session(GroupSessionName(attendance.group_id, attendance.session_id));
  wire.set_member(GroupMemberName(attendance.group_id, attendance.member_id));
  wire.set_person(NameIn("persons", view.person));
  wire.set_state(attendance.state);
  wire.set_revision(attendance.revision);
  wire.set_session_date(base::FormatDay(view.session_day));
  *wire.mutable_record_time() = ToTimestamp(attendance.record_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::GroupLog ToWire(const GroupLog& log) {
  v1::GroupLog wire;
  wire.set_name(GroupLogName(log.group_id, log.session_id, log.revision));
  wire.set_revision(log.revision);
  wire.set_log_text(log.text.value_or(""));
  wire.set_taken_out(!log.text.has_value());
  *wire.mutable_create_time() = ToTimestamp(log.record_time);
  return wire;
}

v1::ProposeGroupsResponse ToWire(const Proposal& proposal) {
  v1::ProposeGroupsResponse wire;
  for (const FitGroup& group : proposal.groups) {
    const int members = static_cast<int>(group.persons.size());
    const int64_t score = ScoreOf(group.pair_sum, members);
    v1::ProposedGroup* added = wire.add_groups();
    added->set_centre(NameIn("organizations", group.centre));
    for (const base::Uuid& person : group.persons) added->add_persons(NameIn("persons", person));
    added->set_score(ScoreText(score));
    added->set_mean_fit(*base::Decimal::RoundRatio(base::Decimal(score),
                                                   base::Decimal(kScoreParts * members), 1, 2));
    added->set_job_code(group.job_code);
    for (const std::string& need : group.needs) added->add_need_codes(need);
  }
  for (const Unplaced& each : proposal.left_over) {
    v1::LeftOver* added = wire.add_left_over();
    added->set_person(NameIn("persons", each.person));
    added->set_centre(NameIn("organizations", each.centre));
    added->set_reason(each.reason);
  }
  wire.set_total_score(ScoreText(ScoreOf(proposal)));
  wire.set_optimal(proposal.optimal);
  return wire;
}

}  // namespace ieum::casemgmt
