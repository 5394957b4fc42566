// The tables `assessment` and `assessment_factor`. Words are sealed with the key of the case's
// person. Reads for a caller take the reach.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/assessments/assessment.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/sealed_words.h"

namespace ieum::casemgmt {

// Of a case that is locked.

// The newest one, without its words.
std::optional<Assessment> NewestAssessment(db::Tx& tx, const base::Uuid& case_id);
// Without its words.
std::optional<Assessment> FindAssessment(db::Tx& tx, const base::Uuid& case_id,
                                         const base::Uuid& id);
void InsertAssessment(db::Tx& tx, const SealedWords& sealed, const Assessment& assessment);
// State, decision and the comment of a return.
void SaveDecision(db::Tx& tx, const SealedWords& sealed, const Assessment& assessment);
// Severities of the newest approved one of each of these cases; rows are of cases in scope.
std::vector<std::pair<base::Uuid, Severities>> ApprovedSeverities(
    db::Tx& tx, const std::vector<base::Uuid>& case_ids);

// An assessment as it is shown.
struct AssessmentView {
  Assessment assessment;
  bool anonymised = false;  // nobody reads its words any more
  int64_t version = 0;      // of the case
};
// nullopt = there is none within the reach.
absl::StatusOr<std::optional<AssessmentView>> ReadAssessment(db::Tx& tx, const db::PersonKeys& keys,
                                                             const Reach& reach,
                                                             const base::Uuid& case_id,
                                                             const base::Uuid& id);
// The first and the last approved one; none, one or both.
absl::StatusOr<std::vector<AssessmentView>> ReadFirstAndLast(db::Tx& tx, const db::PersonKeys& keys,
                                                             const Reach& reach,
                                                             const base::Uuid& case_id);
// False: there is no such case within the reach.
bool SeesCase(db::Tx& tx, const Reach& reach, const base::Uuid& case_id);

const filter::ListSpec& AssessmentList();
// Of one case.
absl::StatusOr<filter::Cursor> ListAssessments(db::Tx& tx, const db::PersonKeys& keys,
                                               const filter::ListQuery& query,
                                               std::vector<AssessmentView>* views);

}  // namespace ieum::casemgmt
