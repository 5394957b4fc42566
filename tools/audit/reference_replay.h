// Casemgmt's references to organizations and campaigns, made again from registry's ledger. Held in
// memory: some hundred bytes an organization.
#pragma once

#include "absl/status/status.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

absl::Status ReplayReferences(Subject& subject, const Service& casemgmt, Tally& tally);

}  // namespace ieum::audit
