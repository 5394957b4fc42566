#include "services/casemgmt/groups/group_events.h"

#include "services/casemgmt/days.h"

namespace ieum::casemgmt {

v1::GroupFacts FactsOf(const Group& group) {
  v1::GroupFacts facts;
  facts.set_group_id(group.id.ToString());
  facts.set_group_code(group.code);
  facts.set_programme(group.programme);
  facts.set_edition(group.edition);
  facts.set_line_code(group.line_code);
  facts.set_job_code(group.job_code);
  for (const std::string& need : group.needs) facts.add_need_codes(need);
  if (group.coach) facts.set_coach_person_id(group.coach->ToString());
  facts.set_state(group.state);
  return facts;
}

v1::GroupMemberFacts FactsOf(const GroupMember& member) {
  v1::GroupMemberFacts facts;
  facts.set_member_id(member.id.ToString());
  facts.set_participant_id(member.participant.ToString());
  facts.set_state(member.state);
  facts.set_join_date(DayText(member.join_day));
  facts.set_leave_date(DayText(member.leave_day));
  return facts;
}

v1::GroupSessionFacts FactsOf(const GroupSession& session) {
  v1::GroupSessionFacts facts;
  facts.set_session_id(session.id.ToString());
  facts.set_session_number(session.number);
  *facts.mutable_start_time() = ToTimestamp(session.start);
  *facts.mutable_end_time() = ToTimestamp(session.end);
  facts.set_session_date(base::FormatDay(session.day()));
  facts.set_state(session.state);
  return facts;
}

}  // namespace ieum::casemgmt
