// The tables `case_plan_writer`, `plan_goal` and `plan_action`: what a plan consists of. For the
// store of plans.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "platform/db/tx.h"
#include "services/casemgmt/plans/plan.h"
#include "services/casemgmt/sealed_words.h"

namespace ieum::casemgmt {

// Adds writers, goals and actions to plans of one case. `sealed`: null = without words.
absl::Status AddParts(db::Tx& tx, const SealedWords* sealed, const std::vector<CasePlan*>& plans);
void KeepWriters(db::Tx& tx, const CasePlan& plan);

// Goals or actions as they are now, in place of what was written before.
void WriteGoals(db::Tx& tx, const SealedWords& sealed, const CasePlan& plan);
void WriteActions(db::Tx& tx, const SealedWords& sealed, const CasePlan& plan);
// What came of the action, or how far the goal was reached, of that number.
void SaveResult(db::Tx& tx, const SealedWords& sealed, const CasePlan& plan, int number);
void SaveAttainment(db::Tx& tx, const CasePlan& plan, int number);

// Actions of the newest plan that was approved, of each of these cases; without words. The cases
// are in the caller's scope.
std::vector<std::pair<base::Uuid, std::vector<PlanAction>>> ServicesOf(
    db::Tx& tx, const std::vector<base::Uuid>& case_ids);

}  // namespace ieum::casemgmt
