// Registry's enrolments and the seats of its campaigns, made again from the ledgers: from
// registry's own events what each became, from casemgmt's which forms must have one. Held in
// memory: some hundred bytes an enrolment.
#pragma once

#include "absl/status/status.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

// At rest only.
absl::Status ReplayEnrolments(Subject& subject, const Service& registry, Tally& tally);

}  // namespace ieum::audit
