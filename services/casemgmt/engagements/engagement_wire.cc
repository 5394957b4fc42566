#include "services/casemgmt/engagements/engagement_wire.h"

#include "platform/base/korea_time.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

v1::Diagnosis ToWire(const Diagnosis& diagnosis) {
  v1::Diagnosis wire;
  wire.set_diagnosed_date(base::FormatDay(diagnosis.day));
  wire.set_score(diagnosis.score);
  wire.set_findings(diagnosis.findings);
  return wire;
}

v1::ConsultingPlan ToWire(const ConsultingPlan& plan) {
  v1::ConsultingPlan wire;
  wire.set_agreed_date(base::FormatDay(plan.agreed_day));
  for (const std::string& task : plan.tasks) wire.add_tasks(task);
  wire.set_planned_visit_count(plan.planned_visit_count);
  for (const std::string& code : plan.recommended_scheme_codes) {
    wire.add_recommended_scheme_codes(code);
  }
  return wire;
}

void AddHistory(const EngagementView& view, v1::Engagement* wire) {
  for (const SchemeAdoption& adoption : view.adoptions) {
    auto* added = wire->add_scheme_adoptions();
    added->set_adoption_id(adoption.id.ToString());
    added->set_scheme_code(adoption.scheme_code);
    added->set_adopted_date(base::FormatDay(adoption.adopted_day));
    added->set_evidence(adoption.evidence);
  }
  for (const EngagementTransition& transition : view.transitions) {
    auto* added = wire->add_transitions();
    added->set_state(transition.state);
    added->set_date(base::FormatDay(transition.day));
    *added->mutable_record_time() = ToTimestamp(transition.record_time);
  }
}

}  // namespace

v1::Engagement ToWire(const EngagementView& view) {
  const Engagement& engagement = view.engagement;
  v1::Engagement wire;
  wire.set_name(EngagementName(engagement.id));
  wire.set_organization(NameIn("organizations", engagement.organization_id));
  wire.set_campaign(NameIn("campaigns", engagement.campaign_id));
  wire.set_centre(NameIn("organizations", engagement.centre));
  wire.set_task(engagement.task);
  wire.set_state(engagement.state);
  wire.set_consultant(NameIn("persons", engagement.consultant));
  wire.set_manager(NameIn("persons", engagement.manager));
  wire.set_contact_person(NameIn("persons", engagement.contact_person));
  wire.set_lead_source(engagement.lead_source);
  wire.set_lead_date(base::FormatDay(engagement.lead_day));
  for (const auto reason : engagement.vulnerability_reasons) {
    wire.add_vulnerability_reasons(reason);
  }
  if (engagement.diagnosis) *wire.mutable_diagnosis() = ToWire(*engagement.diagnosis);
  if (engagement.second_diagnosis) {
    *wire.mutable_second_diagnosis() = ToWire(*engagement.second_diagnosis);
  }
  wire.set_diagnosis_gain(DiagnosisGain(engagement));
  wire.set_needed_visit_count(VisitsNeeded(engagement));
  if (engagement.plan) *wire.mutable_plan() = ToWire(*engagement.plan);
  wire.set_result_summary(engagement.result_summary);
  wire.set_visit_count(engagement.visit_count);
  wire.set_approver(NameIn("persons", engagement.approver));
  wire.set_decline_reason(engagement.decline_reason);
  wire.set_drop_reason(engagement.drop_reason);
  AddHistory(view, &wire);
  *wire.mutable_create_time() = ToTimestamp(engagement.create_time);
  *wire.mutable_update_time() = ToTimestamp(engagement.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::Recommendation ToWire(const RecommendationView& view) {
  const Recommendation& recommendation = view.recommendation;
  v1::Recommendation wire;
  wire.set_name(RecommendationName(recommendation.engagement_id, recommendation.id));
  wire.set_measure(recommendation.measure);
  wire.set_scheme_code(recommendation.scheme_code);
  wire.set_recommended_date(base::FormatDay(recommendation.day));
  wire.set_state(recommendation.state);
  if (recommendation.adoption) {
    wire.set_adopted_date(base::FormatDay(recommendation.adoption->day));
  }
  for (const AdoptionCheck& check : recommendation.checks) {
    auto* added = wire.add_checks();
    added->set_months(check.months);
    added->set_due_date(base::FormatDay(check.due));
    added->set_state(check.state);
    added->set_outcome(check.outcome);
    added->set_checked_date(DayText(check.checked_day));
    added->set_evidence_kind(check.evidence_kind);
    added->set_evidence(check.evidence);
    added->set_revision(check.revision);
  }
  *wire.mutable_create_time() = ToTimestamp(recommendation.create_time);
  *wire.mutable_update_time() = ToTimestamp(recommendation.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::Visit ToWire(const VisitView& view) {
  const Visit& visit = view.visit;
  v1::Visit wire;
  wire.set_name(VisitName(visit.engagement_id, visit.id));
  wire.set_state(visit.state);
  wire.set_visit_date(base::FormatDay(visit.day()));
  *wire.mutable_start_time() = ToTimestamp(visit.start);
  *wire.mutable_end_time() = ToTimestamp(visit.end);
  wire.set_consultant(NameIn("persons", visit.consultant));
  wire.set_contact_person(NameIn("persons", visit.contact_person));
  wire.set_minutes(visit.minutes);
  wire.set_next_step(visit.next_step);
  if (visit.report_time) *wire.mutable_report_time() = ToTimestamp(*visit.report_time);
  wire.set_cancel_reason(visit.cancel_reason);
  *wire.mutable_create_time() = ToTimestamp(visit.create_time);
  *wire.mutable_update_time() = ToTimestamp(visit.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

}  // namespace ieum::casemgmt
