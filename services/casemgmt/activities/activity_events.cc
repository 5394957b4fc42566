#include "services/casemgmt/activities/activity_events.h"

#include "services/casemgmt/days.h"

namespace ieum::casemgmt {

v1::ActivityFacts FactsOf(const Activity& activity) {
  v1::ActivityFacts facts;
  facts.set_activity_id(activity.id.ToString());
  if (activity.parent) facts.set_parent_activity_id(activity.parent->ToString());
  facts.set_kind(activity.kind);
  facts.set_programme(activity.programme);
  facts.set_edition(activity.edition);
  facts.set_line_code(activity.line_code);
  facts.set_activity_key(activity.key);
  facts.set_task(activity.task);
  facts.set_start_date(base::FormatDay(activity.start));
  facts.set_end_date(base::FormatDay(activity.end));
  facts.set_label(activity.label);
  facts.set_label_en(activity.label_en);
  facts.set_place(activity.place);
  facts.set_capacity(activity.capacity);
  if (activity.manager) facts.set_manager_person_id(activity.manager->ToString());
  facts.set_state(activity.state);
  if (activity.training) {
    facts.set_engagement_id(activity.training->engagement.ToString());
    facts.set_organization_id(activity.training->organization.ToString());
    facts.set_training_duration(activity.training->duration);
  }
  return facts;
}

v1::AttendanceFacts FactsOf(const Attendance& attendance) {
  v1::AttendanceFacts facts;
  facts.set_attendance_id(attendance.id.ToString());
  if (attendance.who.person) facts.set_person_id(attendance.who.person->ToString());
  if (attendance.who.organization) {
    facts.set_organization_id(attendance.who.organization->ToString());
  }
  facts.set_role(attendance.role);
  facts.set_walk_in(attendance.walk_in);
  facts.set_answer(attendance.answer);
  facts.set_attended_date(DayText(attendance.attended_day));
  facts.set_attended_duration(attendance.attended_duration);
  return facts;
}

}  // namespace ieum::casemgmt
