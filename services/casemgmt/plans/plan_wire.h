// Plans as the contract shows them.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/plan_service.pb.h"
#include "services/casemgmt/plans/plan_store.h"

namespace ieum::casemgmt {

v1::CasePlan ToWire(const PlanView& view);
// DATE_INVALID and INVALID_FIELD blaming `case_plan.actions`.
absl::StatusOr<std::vector<PlanAction>> ActionsIn(const v1::CasePlan& wire);
std::vector<PlanGoal> GoalsIn(const v1::CasePlan& wire);

}  // namespace ieum::casemgmt
