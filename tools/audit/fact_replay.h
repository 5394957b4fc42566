// Reporting's facts, made again from the ledgers and compared row by row.
#pragma once

#include "absl/status/status.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

absl::Status ReplayFacts(Subject& subject, const Service& reporting, Tally& tally);

}  // namespace ieum::audit
