#include "services/casemgmt/cases/case_wire.h"

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/timestamp.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using base::ToTimestamp;

void AddWhere(const Case& c, v1::Case* wire) {
  wire->set_line_code(c.line_code);
  wire->set_source(c.source);
  if (c.source_campaign && c.source_enrolment) {
    wire->set_source_enrolment(absl::StrCat(NameIn("campaigns", c.source_campaign), "/",
                                            NameIn("enrolments", c.source_enrolment)));
  }
  wire->set_source_organization(NameIn("organizations", c.source_organization));
  wire->set_supervisor_person(NameIn("persons", c.supervisor));
  wire->set_participant(NameIn("participants", c.participant));
  wire->set_reopened_from(NameIn("cases", c.reopened_from));
  wire->set_next_case(NameIn("cases", c.next_case));
  wire->set_ownership_epoch(c.ownership_epoch);
  wire->set_template_(NameIn("caseTemplates", c.template_id));
  wire->set_template_version(static_cast<int>(c.template_version));
}

void AddState(const Case& c, v1::Case* wire) {
  wire->set_state(c.state);
  wire->set_on_hold(c.on_hold);
  wire->set_risk_level(c.risk_level);
  wire->set_primary_factor(c.primary_factor);
  wire->set_classification(c.classification);
  wire->set_urgent(c.urgent);
  wire->set_close_reason(c.closure ? c.closure->reason : c.close_reason);
  wire->set_closure_asked(c.closure.has_value());
  wire->set_reject_reason(c.reject_reason);
  if (!c.hold) return;
  wire->set_hold_until_date(base::FormatDay(c.hold->until));
  wire->set_hold_reason(c.hold->reason);
}

void AddClosing(const Case& c, v1::Case* wire) {
  if (!c.ending) return;
  v1::CaseClosing& closing = *wire->mutable_closing();
  closing.set_session_count(c.ending->sessions);
  closing.set_appointment_count(c.ending->appointments);
  closing.set_referral_count(c.ending->referrals);
  closing.set_task_count(c.ending->tasks);
  closing.set_planned_check_count(c.ending->planned_checks);
}

void AddDays(const Case& c, v1::Case* wire) {
  wire->set_opened_date(base::FormatDay(c.opened_day));
  wire->set_intake_date(DayText(c.intake_day));
  wire->set_due_date(DayText(c.due_day));
  wire->set_plan_due_date(DayText(c.plan_wanted_day()));
  wire->set_reassessment_due_date(DayText(c.reassess_due_day));
  wire->set_closed_date(DayText(c.closed_day));
  *wire->mutable_create_time() = ToTimestamp(c.create_time);
  *wire->mutable_update_time() = ToTimestamp(c.update_time);
}

void ToWire(const CasePace& pace, v1::CasePace* wire) {
  wire->set_contact_business_days(pace.contact_business_days);
  wire->set_contact_crisis_days(pace.contact_crisis_days);
  wire->set_consult_days(pace.consult_days);
  wire->set_assessment_days(pace.assessment_days);
  wire->set_conference_days(pace.conference_days);
  wire->set_conference_crisis_days(pace.conference_crisis_days);
  wire->set_plan_days(pace.plan_days);
  wire->set_intake_to_plan_days(pace.intake_to_plan_days);
  wire->set_urgent_plan_days(pace.urgent_plan_days);
  wire->set_monitoring_days(pace.monitoring_days);
  wire->set_monitoring_crisis_days(pace.monitoring_crisis_days);
  wire->set_reassessment_months(pace.reassessment_months);
  wire->set_reassessment_days(pace.reassessment_days);
  wire->set_closing_days(pace.closing_days);
  wire->set_max_hold_days(pace.max_hold_days);
  wire->mutable_check_months()->Assign(pace.check_months.begin(), pace.check_months.end());
}

void Take(int32_t given, int* length) {
  if (given != 0) *length = given;
}

}  // namespace

v1::Case NameToWire(const CaseView& view) {
  const Case& c = view.c;
  v1::Case wire;
  wire.set_name(CaseName(c.id));
  wire.set_person(NameIn("persons", c.person));
  wire.set_programme(c.programme);
  wire.set_edition(c.edition);
  wire.set_centre(NameIn("organizations", c.centre));
  wire.set_manager(NameIn("subjects", c.manager_subject));
  wire.set_manager_person(NameIn("persons", c.manager));
  wire.set_case_number(c.case_number);
  return wire;
}

v1::Case ToWire(const CaseView& view) {
  v1::Case wire = NameToWire(view);
  AddWhere(view.c, &wire);
  AddState(view.c, &wire);
  AddDays(view.c, &wire);
  AddClosing(view.c, &wire);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::CaseTask ToWire(const Task& task, absl::CivilDay today) {
  v1::CaseTask wire;
  wire.set_name(TaskName(task.id));
  wire.set_kind(task.kind);
  wire.set_state(task.state);
  wire.set_due_date(base::FormatDay(task.due));
  wire.set_overdue(task.state == v1::CASE_TASK_STATE_OPEN && !task.paused && task.due < today);
  wire.set_paused(task.paused);
  wire.set_case_(NameIn("cases", task.case_id));
  wire.set_subject(task.subject);
  wire.set_owner(NameIn("subjects", task.owner_subject));
  wire.set_centre(NameIn("organizations", task.centre));
  *wire.mutable_create_time() = ToTimestamp(task.create_time);
  *wire.mutable_update_time() = ToTimestamp(task.update_time);
  return wire;
}

v1::ContactAttempt ToWire(const ContactAttempt& attempt) {
  v1::ContactAttempt wire;
  wire.set_attempt_date(base::FormatDay(attempt.day));
  wire.set_channel(attempt.channel);
  wire.set_outcome(attempt.outcome);
  *wire.mutable_record_time() = ToTimestamp(attempt.record_time);
  return wire;
}

v1::CaseTransition ToWire(const CaseTransition& transition) {
  v1::CaseTransition wire;
  wire.set_state(transition.state);
  wire.set_transition_date(base::FormatDay(transition.day));
  *wire.mutable_create_time() = ToTimestamp(transition.record_time);
  return wire;
}

v1::CaseWords ToWire(const CaseWords& words) {
  v1::CaseWords wire;
  wire.set_kind(words.kind);
  wire.set_words_text(words.text);
  wire.set_erased(words.erased);
  wire.set_author(NameIn("subjects", words.author));
  *wire.mutable_create_time() = ToTimestamp(words.record_time);
  return wire;
}

v1::CaseEntry ToWire(const CaseHistoryEntry& entry) {
  v1::CaseEntry wire;
  wire.set_version(entry.version);
  wire.set_type(entry.type);
  *wire.mutable_create_time() = ToTimestamp(entry.at);
  wire.set_actor(entry.actor);
  return wire;
}

v1::CaseReassignment ToWire(const CaseReassignmentView& view) {
  const CaseReassignment& r = view.r;
  v1::CaseReassignment wire;
  wire.set_name(NameIn("caseReassignments", r.id));
  wire.set_centre(NameIn("organizations", r.centre));
  wire.set_from_manager(NameIn("subjects", r.from));
  wire.set_to_manager(NameIn("subjects", r.to));
  wire.set_to_manager_person(NameIn("persons", r.to_person));
  wire.set_case_count(r.case_count);
  wire.set_given_count(r.given_count);
  wire.set_left_count(r.left_count);
  wire.set_finished(r.finish_time.has_value());
  *wire.mutable_create_time() = ToTimestamp(r.create_time);
  if (r.finish_time) *wire.mutable_finish_time() = ToTimestamp(*r.finish_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::CaseTemplate ToWire(const CaseTemplateView& view) {
  v1::CaseTemplate wire;
  wire.set_name(NameIn("caseTemplates", view.t.id));
  wire.set_programme(view.t.programme);
  wire.set_centre(NameIn("organizations", view.t.centre));
  ToWire(view.t.pace, wire.mutable_pace());
  wire.set_version(view.t.version);
  *wire.mutable_create_time() = ToTimestamp(view.t.create_time);
  *wire.mutable_update_time() = ToTimestamp(view.t.update_time);
  wire.set_etag(ledger::FormatEtag(view.aggregate_version));
  return wire;
}

CasePace PaceIn(const v1::CasePace& wire) {
  CasePace pace;
  Take(wire.contact_business_days(), &pace.contact_business_days);
  Take(wire.contact_crisis_days(), &pace.contact_crisis_days);
  Take(wire.consult_days(), &pace.consult_days);
  Take(wire.assessment_days(), &pace.assessment_days);
  Take(wire.conference_days(), &pace.conference_days);
  Take(wire.conference_crisis_days(), &pace.conference_crisis_days);
  Take(wire.plan_days(), &pace.plan_days);
  Take(wire.intake_to_plan_days(), &pace.intake_to_plan_days);
  Take(wire.urgent_plan_days(), &pace.urgent_plan_days);
  Take(wire.monitoring_days(), &pace.monitoring_days);
  Take(wire.monitoring_crisis_days(), &pace.monitoring_crisis_days);
  Take(wire.reassessment_months(), &pace.reassessment_months);
  Take(wire.reassessment_days(), &pace.reassessment_days);
  Take(wire.closing_days(), &pace.closing_days);
  Take(wire.max_hold_days(), &pace.max_hold_days);
  if (!wire.check_months().empty()) {
    pace.check_months.assign(wire.check_months().begin(), wire.check_months().end());
  }
  return pace;
}

}  // namespace ieum::casemgmt
