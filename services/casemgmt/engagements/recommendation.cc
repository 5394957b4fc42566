#include "services/casemgmt/engagements/recommendation.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/calendar_rules.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/engagements/engagement.h"

namespace ieum::casemgmt {

std::vector<AdoptionCheck> PlanChecks(const base::Uuid& recommendation_id, absl::CivilDay day,
                                      std::vector<int> months) {
  if (months.empty()) months = {3, 6, 12};
  std::sort(months.begin(), months.end());
  std::vector<AdoptionCheck> checks;
  for (const int each : months) {
    checks.push_back({.id = base::Uuid::Derive(recommendation_id, absl::StrCat("check/", each)),
                      .months = each,
                      .due = base::MonthsLater(day, each)});
  }
  return checks;
}

AdoptionCheck* CheckAfter(Recommendation& recommendation, int months) {
  for (AdoptionCheck& check : recommendation.checks) {
    if (check.months == months) return &check;
  }
  return nullptr;
}

absl::Status CheckCanLook(const Recommendation& recommendation, int months, absl::CivilDay day) {
  std::string known;
  for (const AdoptionCheck& check : recommendation.checks) {
    if (check.state == v1::ADOPTION_CHECK_STATE_CANCELLED) continue;
    absl::StrAppend(&known, known.empty() ? "" : ", ", check.months);
    if (check.months != months) continue;
    const absl::CivilDay first = check.due - kAdoptionWindowDays;
    if (day >= first) return absl::OkStatus();
    return base::Forbidden(
        v1::ERROR_REASON_CHECK_EARLY,
        absl::StrCat("the check after ", months, " months is due on ", base::FormatDay(check.due),
                     "; it can be recorded from ", base::FormatDay(first), " on"),
        {{"first_date", base::FormatDay(first)}});
  }
  return base::Forbidden(v1::ERROR_REASON_RECOMMENDATION_STATE,
                         known.empty() ? "nobody looks after this recommendation any more"
                                       : absl::StrCat("there is no such check; it is looked after ",
                                                      known, " months after the recommendation"));
}

v1::RecommendationState StateByChecks(const std::vector<AdoptionCheck>& checks) {
  v1::RecommendationState state = v1::RECOMMENDATION_STATE_OPEN;
  for (const AdoptionCheck& check : checks) {
    switch (check.outcome) {
      case v1::ADOPTION_OUTCOME_ADOPTED:
        state = v1::RECOMMENDATION_STATE_ADOPTED;
        break;
      case v1::ADOPTION_OUTCOME_PARTLY:
        state = v1::RECOMMENDATION_STATE_PARTLY;
        break;
      case v1::ADOPTION_OUTCOME_NOT_ADOPTED:
        state = v1::RECOMMENDATION_STATE_NOT_ADOPTED;
        break;
      default:
        break;
    }
  }
  return state;
}

const AdoptionCheck* FirstAdopted(const std::vector<AdoptionCheck>& checks) {
  const AdoptionCheck* first = nullptr;
  for (const AdoptionCheck& check : checks) {
    if (check.outcome != v1::ADOPTION_OUTCOME_ADOPTED) continue;
    if (first == nullptr || *check.checked_day < *first->checked_day) first = &check;
  }
  return first;
}

std::string RecommendationName(const base::Uuid& engagement_id, const base::Uuid& id) {
  return absl::StrCat(EngagementName(engagement_id), "/recommendations/", id.ToString());
}

}  // namespace ieum::casemgmt
