// The rows of recommendations, of their checks and of what these found. A recommendation of an
// engagement that the scope does not hold is as if it were not there.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/engagements/recommendation.h"

namespace ieum::casemgmt {

std::optional<Recommendation> FindRecommendation(db::Tx& tx, const base::Scope& scope,
                                                 const base::Uuid& engagement_id,
                                                 const base::Uuid& id);
// Of one engagement, in order of their ids.
std::vector<Recommendation> RecommendationsOf(db::Tx& tx, const base::Scope& scope,
                                              const base::Uuid& engagement_id);
// With its checks.
void InsertRecommendation(db::Tx& tx, const Recommendation& recommendation);
// Everything that can change, the states of its checks included. The engagement is locked.
void SaveRecommendation(db::Tx& tx, const Recommendation& recommendation);
// What the check found, as its newest revision.
void InsertFinding(db::Tx& tx, const AdoptionCheck& check, absl::Time recorded);

// A check whose day has come and that nobody was told of.
struct DueAdoptionCheck {
  base::Uuid engagement_id, recommendation_id, check_id;
};
// Those due on `today` or before, the earliest first. Acts for the suite.
std::vector<DueAdoptionCheck> UntoldAdoptionChecks(db::Tx& tx, absl::CivilDay today, int limit);
int64_t CountUntoldAdoptionChecks(db::Tx& tx, absl::CivilDay today);

// A recommendation as it is shown.
struct RecommendationView {
  Recommendation recommendation;
  int64_t version = 0;  // of the engagement
};
std::optional<RecommendationView> ReadRecommendation(db::Tx& tx, const base::Scope& scope,
                                                     const base::Uuid& engagement_id,
                                                     const base::Uuid& id);
const filter::ListSpec& RecommendationList();
filter::Cursor ListRecommendations(db::Tx& tx, const filter::ListQuery& query,
                                   std::vector<RecommendationView>* views);

}  // namespace ieum::casemgmt
