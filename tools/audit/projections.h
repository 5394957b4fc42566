// INV6: what services keep of others' events is what a fresh replay of the ledgers gives. Nothing
// is written for it: the replay computes each row by the service's own pure rule and compares it
// with the row that is kept, on a running suite as on a stopped one.
//
// Replayed: reporting's facts, casemgmt's references to organizations and campaigns. Not replayed:
// what decides by the clock or by what staff did meanwhile (registry's enrolments, notify's plan);
// these append events of their own, which INV1, INV3 and INV5 hold to their causes, and INV7 holds
// the plan to its messages.
#pragma once

#include "absl/status/status.h"
#include "tools/audit/inbox_reader.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

absl::Status CheckProjections(Subject& subject, Tally& tally);

}  // namespace ieum::audit
