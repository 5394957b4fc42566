#include "services/casemgmt/assessments/assessment_wire.h"

#include "platform/base/korea_time.h"
#include "platform/base/timestamp.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {

v1::Instrument ToWire(const Instrument& instrument) {
  v1::Instrument wire;
  wire.set_name(InstrumentName(instrument.id));
  wire.set_code(instrument.code);
  wire.set_version(instrument.version);
  wire.set_label(instrument.label);
  wire.set_label_en(instrument.label_en);
  wire.set_full(instrument.full.ToString());
  for (const Factor& factor : instrument.factors) {
    auto* added = wire.add_factors();
    added->set_code(factor.code);
    added->set_label(factor.label);
    added->set_label_en(factor.label_en);
    added->set_weight(factor.weight.ToString());
    added->set_sensitive(factor.sensitive);
  }
  *wire.mutable_create_time() = base::ToTimestamp(instrument.create_time);
  return wire;
}

v1::Assessment ToWire(const AssessmentView& view) {
  const Assessment& assessment = view.assessment;
  v1::Assessment wire;
  wire.set_name(AssessmentName(assessment.case_id, assessment.id));
  wire.set_version(assessment.version);
  wire.set_state(assessment.state);
  wire.set_reassessment(assessment.reassessment);
  wire.set_instrument(InstrumentName(assessment.instrument_id));
  for (const auto& [code, severity] : assessment.severities) {
    auto* added = wire.add_factors();
    added->set_code(code);
    added->set_severity(severity);
  }
  wire.set_score(assessment.score);
  wire.set_computed_level(assessment.computed_level);
  wire.set_level(assessment.level);
  wire.set_override_reason(assessment.override_reason);
  wire.set_primary_factor(assessment.primary_factor);
  wire.set_needs_text(assessment.needs);
  wire.set_assessed_date(base::FormatDay(assessment.assessed_day));
  wire.set_author(NameIn("subjects", assessment.author.subject));
  wire.set_decider(NameIn("subjects", assessment.decider));
  wire.set_decided_date(DayText(assessment.decided_day));
  wire.set_return_comment(assessment.return_comment);
  wire.set_anonymised(view.anonymised);
  *wire.mutable_create_time() = base::ToTimestamp(assessment.create_time);
  *wire.mutable_update_time() = base::ToTimestamp(assessment.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::CompareAssessmentsResponse Compared(const std::vector<AssessmentView>& first_and_last) {
  v1::CompareAssessmentsResponse response;
  if (first_and_last.empty()) return response;
  const AssessmentView& first = first_and_last.front();
  *response.mutable_first() = ToWire(first);
  if (first_and_last.size() < 2) return response;
  const AssessmentView& last = first_and_last.back();
  *response.mutable_last() = ToWire(last);
  response.set_score_change(ScoreChange(first.assessment.score, last.assessment.score));
  for (const SeverityChange& change :
       Changes(first.assessment.severities, last.assessment.severities)) {
    auto* added = response.add_factors();
    added->set_code(change.code);
    added->set_first_severity(change.first);
    added->set_last_severity(change.last);
  }
  response.set_instrument_differs(first.assessment.instrument_id != last.assessment.instrument_id);
  return response;
}

}  // namespace ieum::casemgmt
