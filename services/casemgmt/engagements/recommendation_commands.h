// The use cases of recommendations. A recommendation belongs to its engagement: that is what is
// locked, and its version is the etag.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/engagements/engagement_commands.h"
#include "services/casemgmt/engagements/recommendation.h"

namespace ieum::casemgmt {

// That the scheme exists on the day is the caller's to know.
struct RecommendInput {
  StepInput step;
  std::string measure, scheme_code;
  std::vector<int> check_months;  // each once; empty = 3, 6, 12
};
// Answers with the recommendation's name.
absl::StatusOr<ledger::Done> RecommendMeasure(ledger::UnitOfWork& work,
                                              const RecommendInput& input);

struct AdoptionCheckInput {
  StepInput step;
  base::Uuid recommendation_id;
  int months = 0;
  v1::AdoptionOutcome outcome = v1::ADOPTION_OUTCOME_UNSPECIFIED;
  v1::AdoptionEvidence evidence_kind = v1::ADOPTION_EVIDENCE_UNSPECIFIED;
  std::string evidence;
};
absl::StatusOr<ledger::Done> RecordAdoptionCheck(ledger::UnitOfWork& work,
                                                 const AdoptionCheckInput& input);

// Tells that the day of a check has come, unless somebody has looked or nobody will. Acts for the
// suite.
absl::StatusOr<ledger::Done> TellAdoptionCheckDue(ledger::UnitOfWork& work,
                                                  const base::Uuid& engagement_id,
                                                  const base::Uuid& recommendation_id,
                                                  const base::Uuid& check_id);

// The engagement was declined or broken off: nobody looks after its recommendations any more.
// Called after the engagement's own event.
void WithdrawRecommendations(ledger::UnitOfWork& work, const Engagement& engagement);
// Who looks after the open checks are the people and the centre of the engagement as it is now.
void GiveAdoptionChecks(ledger::UnitOfWork& work, const Engagement& engagement);

}  // namespace ieum::casemgmt
