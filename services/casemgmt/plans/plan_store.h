// The table `case_plan`; what a plan consists of comes and goes with it. Words are sealed with the
// key of the case's person. Reads for a caller take the reach.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/plans/plan.h"
#include "services/casemgmt/sealed_words.h"

namespace ieum::casemgmt {

// Of a case that is locked; without words.
std::optional<CasePlan> FindPlan(db::Tx& tx, const base::Uuid& case_id, const base::Uuid& id);
std::optional<CasePlan> NewestPlan(db::Tx& tx, const base::Uuid& case_id);
// The signed one, which is carried out.
std::optional<CasePlan> SignedPlan(db::Tx& tx, const base::Uuid& case_id);
// False: the id is taken.
bool InsertPlan(db::Tx& tx, const SealedWords& sealed, const CasePlan& plan);
// State and author, and who wrote in it.
void SavePlan(db::Tx& tx, const CasePlan& plan);
// State, decision and its comment.
void SaveDecision(db::Tx& tx, const SealedWords& sealed, const CasePlan& plan);
// State, day, agreement and due day.
void SaveSignature(db::Tx& tx, const CasePlan& plan);

// A plan as it is shown.
struct PlanView {
  CasePlan plan;
  bool anonymised = false;  // nobody reads its words any more
  int64_t version = 0;      // of the case
};
// nullopt = there is none within the reach.
absl::StatusOr<std::optional<PlanView>> ReadPlan(db::Tx& tx, const db::PersonKeys& keys,
                                                 const Reach& reach, const base::Uuid& case_id,
                                                 const base::Uuid& id);
const filter::ListSpec& PlanList();
// Of one case.
absl::StatusOr<filter::Cursor> ListPlans(db::Tx& tx, const db::PersonKeys& keys,
                                         const filter::ListQuery& query,
                                         std::vector<PlanView>* views);

}  // namespace ieum::casemgmt
