// The use cases of service plans. Each is given a transaction, decides, and only then writes; the
// errors are those that PlanService promises. A plan is a part of its case: its id is locked, its
// ledger tells of the plan.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/business_days.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/case_commands.h"
#include "services/casemgmt/plans/plan.h"

namespace ieum::casemgmt {

struct DraftPlanInput {
  CaseInput of;
  std::optional<base::Uuid> plan_id;  // absent = derived from the request
  std::vector<PlanGoal> goals;
  std::vector<PlanAction> actions;
  Staff author;
};
absl::StatusOr<ledger::Done> DraftPlan(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                       const DraftPlanInput& input);

struct CasePlanInput {
  CaseInput of;  // its day is the day of the step
  base::Uuid plan_id;
  Staff by;
};
// Absent = stays.
absl::StatusOr<ledger::Done> ChangePlan(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const CasePlanInput& input,
                                        const std::optional<std::vector<PlanGoal>>& goals,
                                        const std::optional<std::vector<PlanAction>>& actions);
absl::StatusOr<ledger::Done> SubmitPlan(ledger::UnitOfWork& work, const CasePlanInput& input);

// In plan_decisions.cc.
absl::StatusOr<ledger::Done> ApprovePlan(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const CasePlanInput& input, const std::string& comment);
absl::StatusOr<ledger::Done> ReturnPlan(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const CasePlanInput& input, const std::string& comment);
struct SignInput {
  v1::PlanAgreement agreement = v1::PLAN_AGREEMENT_UNSPECIFIED;
  base::BusinessCalendar calendar;
  std::vector<Staff> owners;  // of actions, as far as registry knows the persons behind them
};
// Delivery begins; the version before is superseded, and its open actions are no tasks any more.
absl::StatusOr<ledger::Done> SignPlan(ledger::UnitOfWork& work, const CasePlanInput& input,
                                      const SignInput& sign);

// In plan_results.cc. `number`: of the action or the goal, from 1.
struct ActionResult {
  int number = 0;
  v1::PlanActionResult result = v1::PLAN_ACTION_RESULT_UNSPECIFIED;
  std::string text;  // words
};
absl::StatusOr<ledger::Done> RecordResult(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                          const CasePlanInput& input, const ActionResult& result);
absl::StatusOr<ledger::Done> RecordAttainment(ledger::UnitOfWork& work, const CasePlanInput& input,
                                              int number, v1::GoalAttainment attainment);

// Parts that the use cases of plans share.

// The case after the lock and the plan in it. NOT_FOUND, and the errors of LoadCase.
struct LoadedPlan {
  Case of;
  CasePlan plan;
};
absl::StatusOr<LoadedPlan> LoadPlan(ledger::UnitOfWork& work, const CasePlanInput& input);
ledger::Done DoneWith(const CasePlan& plan);
// The task that an action of a signed plan is, within its case.
base::Uuid ActionTaskId(const CasePlan& plan, int number);

}  // namespace ieum::casemgmt
