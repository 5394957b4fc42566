// Use cases on targets.
#pragma once

#include "ieum/reporting/v1/target_service.pb.h"
#include "platform/ledger/ledger.h"

namespace ieum::reporting {

// Puts an indicator into the plan of an edition, or changes its target: the next revision.
// NOT_FOUND for the indicator, TARGET_INVALID, STALE_ETAG. Repeating what is already so makes no
// revision.
absl::StatusOr<ledger::Done> SetTarget(ledger::UnitOfWork& work,
                                       const v1::SetTargetRequest& request);

}  // namespace ieum::reporting
