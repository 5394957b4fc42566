// The rows of engagements, their steps and the schemes that firms adopted. An engagement of a
// centre that the scope does not hold is as if it were not there.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/engagements/engagement.h"

namespace ieum::casemgmt {

std::optional<Engagement> FindEngagement(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id);
// False when the firm has an open engagement of this task in this edition.
bool InsertEngagement(db::Tx& tx, const Engagement& engagement);
// Everything that can change.
void SaveEngagement(db::Tx& tx, const base::Scope& scope, const Engagement& engagement);

void InsertTransition(db::Tx& tx, const base::Uuid& engagement_id,
                      const EngagementTransition& transition);
// False when the engagement has an adoption of this scheme.
bool InsertAdoption(db::Tx& tx, const base::Uuid& engagement_id, const SchemeAdoption& adoption,
                    absl::Time recorded);

// An engagement as it is shown.
struct EngagementView {
  Engagement engagement;
  int64_t version = 0;
  std::vector<EngagementTransition> transitions;  // earliest first
  std::vector<SchemeAdoption> adoptions;          // in order of recording
};
std::optional<EngagementView> ReadEngagement(db::Tx& tx, const base::Scope& scope,
                                             const base::Uuid& id);

const filter::ListSpec& EngagementList();
filter::Cursor ListEngagements(db::Tx& tx, const filter::ListQuery& query,
                               std::vector<EngagementView>* views);

}  // namespace ieum::casemgmt
