// What was recommended to a firm, and whether it does it: looked after some months later, with
// evidence (C10). Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

// Recommendations of one engagement at most.
inline constexpr int kRecommendationsMax = 50;
// Days before its own day on which a check can be recorded already.
inline constexpr int kAdoptionWindowDays = 14;

struct AdoptionCheck {
  base::Uuid id;
  int months = 0;  // after the recommendation
  absl::CivilDay due;
  v1::AdoptionCheckState state = v1::ADOPTION_CHECK_STATE_PLANNED;
  int revision = 0;  // of what was found; 0 = nobody has looked, and the rest is empty
  v1::AdoptionOutcome outcome = v1::ADOPTION_OUTCOME_UNSPECIFIED;
  std::optional<absl::CivilDay> checked_day;
  v1::AdoptionEvidence evidence_kind = v1::ADOPTION_EVIDENCE_UNSPECIFIED;
  std::string evidence;

  // Nobody has looked, and somebody is to.
  bool waits() const {
    return state == v1::ADOPTION_CHECK_STATE_PLANNED || state == v1::ADOPTION_CHECK_STATE_DUE;
  }
};

// A check that first found the measure adopted.
struct Adoption {
  base::Uuid id;
  absl::CivilDay day;
};

struct Recommendation {
  base::Uuid id;
  base::Uuid engagement_id;
  std::string measure, scheme_code;  // "" = another measure than a scheme
  absl::CivilDay day;
  v1::RecommendationState state = v1::RECOMMENDATION_STATE_OPEN;
  std::optional<Adoption> adoption;
  std::vector<AdoptionCheck> checks;  // by months
  absl::Time create_time, update_time;
};

// The checks of a recommendation of that day: 3, 6 and 12 months later where no months are given,
// on the last day of a month that has no such day. Their ids are derived from the recommendation's.
std::vector<AdoptionCheck> PlanChecks(const base::Uuid& recommendation_id, absl::CivilDay day,
                                      std::vector<int> months);

// The check after so many months, where it can be recorded on that day. RECOMMENDATION_STATE when
// there is none or nobody looks any more, CHECK_EARLY.
absl::Status CheckCanLook(const Recommendation& recommendation, int months, absl::CivilDay day);
AdoptionCheck* CheckAfter(Recommendation& recommendation, int months);

// Where it stands by its checks: what the one of the most months found. OPEN when nobody has
// looked.
v1::RecommendationState StateByChecks(const std::vector<AdoptionCheck>& checks);
// The earliest check that found it adopted; nullptr = none did.
const AdoptionCheck* FirstAdopted(const std::vector<AdoptionCheck>& checks);

// "engagements/{uuid}/recommendations/{uuid}"
std::string RecommendationName(const base::Uuid& engagement_id, const base::Uuid& id);

}  // namespace ieum::casemgmt
