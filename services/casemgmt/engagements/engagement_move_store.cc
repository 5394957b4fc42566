#include "services/casemgmt/engagements/engagement_move_store.h"

namespace ieum::casemgmt {
namespace {

const db::Statement kForms("application_of_engagement", R"(
  SELECT id FROM application WHERE engagement_id = $1 ORDER BY id)");

const db::Statement kHandEngagement("engagement_hand_over", R"(
  UPDATE engagement SET centre_id = $2, updated_at = $3::timestamptz WHERE id = $1)");

const db::Statement kHandVisits("visit_hand_over", R"(
  UPDATE visit SET centre_id = $2 WHERE engagement_id = $1)");

const db::Statement kHandForms("application_hand_over", R"(
  UPDATE application SET centre_id = $2, updated_at = $3::timestamptz WHERE engagement_id = $1)");

}  // namespace

std::vector<base::Uuid> FormsOf(db::Tx& tx, const base::Uuid& engagement_id) {
  std::vector<base::Uuid> forms;
  for (const auto& row : tx.Exec(kForms, engagement_id)) forms.push_back(db::AsUuid(row[0]));
  return forms;
}

void HandOver(db::Tx& tx, const base::Uuid& engagement_id, const std::optional<base::Uuid>& centre,
              absl::Time at) {
  tx.Exec(kHandEngagement, engagement_id, centre, at);
  tx.Exec(kHandVisits, engagement_id, centre);
  tx.Exec(kHandForms, engagement_id, centre, at);
}

}  // namespace ieum::casemgmt
