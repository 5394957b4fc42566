#include "services/casemgmt/followups/followup_wire.h"

#include "platform/base/korea_time.h"
#include "platform/base/timestamp.h"
#include "platform/ledger/unit_of_work.h"

namespace ieum::casemgmt {
namespace {

using base::ToTimestamp;

// Each that was replaced, with the reason that stands in the one after it.
void AddCorrected(const std::vector<RecordedFinding>& findings, v1::RetentionCheck* wire) {
  for (size_t i = 0; i + 1 < findings.size(); ++i) {
    const RetentionFinding& finding = findings[i].finding;
    auto* added = wire->add_corrected_results();
    added->set_result(finding.result);
    added->set_evidence(finding.evidence);
    added->set_checked_date(base::FormatDay(finding.day));
    *added->mutable_record_time() = ToTimestamp(findings[i].record_time);
    added->set_reason(findings[i + 1].finding.correction);
  }
}

}  // namespace

v1::RetentionCheck ToWire(const RetentionCheckView& view) {
  const RetentionCheck& check = view.check;
  v1::RetentionCheck wire;
  wire.set_name(RetentionCheckName(check.case_id, check.id));
  wire.set_months(check.months);
  wire.set_anchor_date(base::FormatDay(check.anchor));
  wire.set_due_date(base::FormatDay(check.due));
  wire.set_window_start_date(base::FormatDay(check.window_start()));
  wire.set_window_end_date(base::FormatDay(check.window_end()));
  wire.set_state(check.state);
  if (check.finding) {
    wire.set_result(check.finding->result);
    wire.set_evidence(check.finding->evidence);
    wire.set_checked_date(base::FormatDay(check.finding->day));
  }
  wire.set_late(check.late());
  for (const RetentionAttempt& attempt : view.attempts) {
    auto* added = wire.add_attempts();
    added->set_attempt_date(base::FormatDay(attempt.day));
    added->set_channel(attempt.channel);
    added->set_outcome(attempt.outcome);
    *added->mutable_record_time() = ToTimestamp(attempt.record_time);
  }
  AddCorrected(view.findings, &wire);
  wire.set_cancel_reason(check.cancel_reason);
  *wire.mutable_create_time() = ToTimestamp(check.create_time);
  *wire.mutable_update_time() = ToTimestamp(check.update_time);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

}  // namespace ieum::casemgmt
