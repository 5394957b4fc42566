#include "services/casemgmt/followups/retention_events.h"

#include "platform/base/korea_time.h"

namespace ieum::casemgmt {

v1::RetentionCheckFacts FactsOf(const RetentionCheck& check) {
  v1::RetentionCheckFacts facts;
  facts.set_check_id(check.id.ToString());
  facts.set_months(check.months);
  facts.set_anchor_date(base::FormatDay(check.anchor));
  facts.set_due_date(base::FormatDay(check.due));
  facts.set_window_start_date(base::FormatDay(check.window_start()));
  facts.set_window_end_date(base::FormatDay(check.window_end()));
  facts.set_occurrence_id(check.occurrence.ToString());
  facts.set_state(check.state);
  facts.set_attempt_count(check.attempts);
  if (!check.finding) return facts;
  facts.set_result(check.finding->result);
  facts.set_result_id(check.finding->id.ToString());
  facts.set_checked_date(base::FormatDay(check.finding->day));
  facts.set_evidence(check.finding->evidence);
  return facts;
}

}  // namespace ieum::casemgmt
