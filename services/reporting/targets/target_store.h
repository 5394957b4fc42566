// Targets as they are kept: every revision.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ieum/reporting/v1/target_service.pb.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/reporting/targets/target.h"

namespace ieum::reporting {

// `revision` 0 = the latest.
std::optional<v1::Target> FindTarget(db::Tx& tx, const PlanKey& key, int revision = 0);
// All latest targets of an edition, in the order of the report.
std::vector<v1::Target> TargetsOfEdition(db::Tx& tx, const PlanKey& edition);
void InsertTarget(db::Tx& tx, const PlanKey& key, const v1::Target& target, absl::Time at);
const filter::ListSpec& TargetList();
v1::Target TargetOf(const db::Row& row);

}  // namespace ieum::reporting
