// Use cases on targets.
#pragma once

#include "absl/time/time.h"
#include "ieum/registry/v1/events.pb.h"
#include "ieum/reporting/v1/target_service.pb.h"
#include "platform/ledger/ledger.h"

namespace ieum::reporting {

// Puts an indicator into the plan of an edition, or changes its target: the next revision.
// NOT_FOUND for the indicator, TARGET_INVALID, STALE_ETAG. Repeating what is already so makes no
// revision.
absl::StatusOr<ledger::Done> SetTarget(ledger::UnitOfWork& work,
                                       const v1::SetTargetRequest& request);

// The targets of a plan that was approved at `approved_at`, business time: a revision of each that
// is not so already, of indicators too that nobody has defined yet. Told twice it does nothing;
// what somebody set later than that, or a later approval said, stands, however late this one is
// told, or told again: a revision is as old as the approval that it is of. TARGET_INVALID.
absl::Status TakeApprovedPlan(ledger::UnitOfWork& work, const registry::v1::PlanApproved& plan,
                              absl::Time approved_at);

}  // namespace ieum::reporting
