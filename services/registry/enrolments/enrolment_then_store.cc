#include "services/registry/enrolments/enrolment_then_store.h"

#include "absl/container/flat_hash_map.h"

namespace ieum::registry {
namespace {

// Who stood where in the lines of these campaigns.
const db::Statement kLineThen("enrolment_line_then", R"(
  SELECT e.id, row_number() OVER (PARTITION BY e.campaign_id ORDER BY e.line)
  FROM enrolment e
  JOIN LATERAL (
    SELECT s.state FROM enrolment_transition s
    WHERE s.enrolment_id = e.id AND s.recorded_at <= $2::timestamptz
    ORDER BY s.step DESC LIMIT 1) h ON TRUE
  WHERE e.campaign_id = ANY($1::uuid[]) AND h.state = 3
    AND ($3::boolean OR e.centre_id = ANY($4::uuid[])))");

// What was not known yet is taken out again.
void LookBack(absl::Time instant, Enrolment* enrolment) {
  bool offered = false;
  std::erase_if(enrolment->steps,
                [&](const EnrolmentStep& step) { return step.recorded_at > instant; });
  for (const EnrolmentStep& step : enrolment->steps) {
    offered = offered || step.state == v1::ENROLMENT_STATE_OFFERED;
  }
  if (!offered) enrolment->offered_until.reset();
}

}  // namespace

void AddStepsThen(db::Tx& tx, const base::Scope& scope, absl::Time instant,
                  std::vector<EnrolmentView>* views) {
  AddSteps(tx, views);
  std::vector<base::Uuid> campaigns;
  absl::flat_hash_map<base::Uuid, EnrolmentView*> waiting;
  for (EnrolmentView& view : *views) {
    LookBack(instant, &view.enrolment);
    if (view.enrolment.state() != v1::ENROLMENT_STATE_WAITING) continue;
    waiting[view.enrolment.id] = &view;
    campaigns.push_back(view.enrolment.campaign_id);
  }
  if (waiting.empty()) return;
  for (const auto& row :
       tx.Exec(kLineThen, db::ArrayOf(campaigns), instant, scope.everywhere(), scope.AsArray())) {
    const auto found = waiting.find(db::AsUuid(row[0]));
    if (found != waiting.end()) found->second->waiting_position = row[1].as<int>();
  }
}

}  // namespace ieum::registry
