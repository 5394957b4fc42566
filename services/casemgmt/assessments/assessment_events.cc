#include "services/casemgmt/assessments/assessment_events.h"

#include "platform/base/korea_time.h"

namespace ieum::casemgmt {

void FillFacts(const Assessment& assessment, v1::AssessmentFacts* facts) {
  facts->set_assessment_id(assessment.id.ToString());
  facts->set_version(assessment.version);
  facts->set_state(assessment.state);
  facts->set_reassessment(assessment.reassessment);
  facts->set_instrument_code(assessment.instrument_code);
  facts->set_instrument_version(assessment.instrument_version);
  facts->set_score(assessment.score);
  facts->set_computed_level(assessment.computed_level);
  facts->set_level(assessment.level);
  facts->set_primary_factor(assessment.primary_factor);
  facts->set_assessed_date(base::FormatDay(assessment.assessed_day));
}

void FillSeverities(const Severities& severities, v1::CaseAssessed* event) {
  for (const auto& [code, severity] : severities) {
    auto* added = event->add_severities();
    added->set_factor_code(code);
    added->set_severity(severity);
  }
}

v1::InstrumentVersioned VersionedEvent(const Instrument& instrument) {
  v1::InstrumentVersioned event;
  event.set_instrument_id(instrument.id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(instrument.create_time)));
  event.set_instrument_code(instrument.code);
  event.set_version(instrument.version);
  event.set_full(instrument.full.ToString());
  for (const Factor& factor : instrument.factors) {
    auto* added = event.add_factors();
    added->set_factor_code(factor.code);
    added->set_weight(factor.weight.ToString());
    added->set_sensitive(factor.sensitive);
  }
  return event;
}

}  // namespace ieum::casemgmt
