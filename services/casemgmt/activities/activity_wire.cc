#include "services/casemgmt/activities/activity_wire.h"

#include "platform/base/korea_time.h"
#include "platform/base/timestamp.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/activities/minutes_name.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

void AddPlan(const Activity& activity, v1::Activity* wire) {
  wire->set_planned(activity.plan.has_value());
  if (!activity.plan) return;
  wire->set_plan_start_date(base::FormatDay(activity.plan->start));
  wire->set_plan_end_date(base::FormatDay(activity.plan->end));
  wire->set_date_by_hand(activity.date_by_hand);
}

void AddCounts(const ActivityView& view, v1::Activity* wire) {
  wire->set_person_count(view.counts.persons);
  wire->set_organization_count(view.counts.organizations);
  wire->set_yes_count(view.counts.yes);
  wire->set_listed_count(view.counts.listed);
  for (const Headcount& each : view.headcounts) {
    auto* added = wire->add_headcounts();
    added->set_kind(each.kind);
    added->set_count(each.count);
  }
  wire->set_headcount_revision(view.activity.headcount_revision);
}

void AddTraining(const Training& training, v1::Activity* wire) {
  wire->set_engagement(NameIn("engagements", training.engagement));
  wire->set_organization(NameIn("organizations", training.organization));
  wire->set_training_duration(training.duration);
  wire->set_attendee_count(training.counts.attendees);
  wire->set_completer_count(training.counts.completers);
}

}  // namespace

v1::Activity ToWire(const ActivityView& view) {
  const Activity& activity = view.activity;
  v1::Activity wire;
  wire.set_name(ActivityName(activity.id));
  wire.set_parent(NameIn("activities", activity.parent));
  wire.set_kind(activity.kind);
  wire.set_state(activity.state);
  wire.set_programme(activity.programme);
  wire.set_edition(activity.edition);
  wire.set_line_code(activity.line_code);
  wire.set_task(activity.task);
  wire.set_start_date(base::FormatDay(activity.start));
  wire.set_end_date(base::FormatDay(activity.end));
  wire.set_label(activity.label);
  wire.set_label_en(activity.label_en);
  wire.set_place(activity.place);
  wire.set_capacity(activity.capacity);
  wire.set_manager(NameIn("persons", activity.manager));
  wire.set_centre(NameIn("organizations", activity.centre));
  AddPlan(activity, &wire);
  wire.set_cancel_reason(activity.cancel_reason);
  wire.set_held_date(DayText(activity.held_day));
  AddCounts(view, &wire);
  wire.set_minutes_revision(activity.minutes_revision);
  if (activity.training) AddTraining(*activity.training, &wire);
  *wire.mutable_create_time() = base::ToTimestamp(activity.create_time);
  *wire.mutable_update_time() = base::ToTimestamp(activity.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::Attendance ToWire(const AttendanceView& view) {
  const Attendance& attendance = view.attendance;
  v1::Attendance wire;
  wire.set_name(AttendanceName(attendance.activity_id, attendance.id));
  wire.set_person(NameIn("persons", attendance.who.person));
  if (view.survivor != attendance.who.person) {
    wire.set_surviving_person(NameIn("persons", view.survivor));
  }
  wire.set_organization(NameIn("organizations", attendance.who.organization));
  wire.set_role(attendance.role);
  wire.set_walk_in(attendance.walk_in);
  wire.set_answer(attendance.answer);
  if (attendance.answer_time) {
    *wire.mutable_answer_time() = base::ToTimestamp(*attendance.answer_time);
  }
  if (attendance.check_in_time) {
    *wire.mutable_check_in_time() = base::ToTimestamp(*attendance.check_in_time);
  }
  wire.set_anonymised(attendance.anonymised);
  wire.set_attended_duration(attendance.attended_duration);
  wire.set_completed(view.completed);
  *wire.mutable_create_time() = base::ToTimestamp(attendance.create_time);
  *wire.mutable_update_time() = base::ToTimestamp(attendance.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::Minutes ToWire(const Minutes& minutes) {
  v1::Minutes wire;
  wire.set_name(MinutesName(minutes.activity_id, minutes.revision));
  wire.set_revision(minutes.revision);
  wire.set_minutes_text(minutes.text);
  wire.set_published_date(base::FormatDay(minutes.published_day));
  *wire.mutable_create_time() = base::ToTimestamp(minutes.record_time);
  return wire;
}

}  // namespace ieum::casemgmt
