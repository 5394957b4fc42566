// INV6: what services keep of others' events is what a fresh replay of the ledgers gives. Nothing
// is written for it: the replay computes each row by the service's own pure rule and compares it
// with the row that is kept, on a running suite as on a stopped one.
//
// Replayed: reporting's facts; casemgmt's references to organizations and campaigns; registry's
// enrolments with their steps and its campaigns' seats, from the events that registry told, and
// whether each form that casemgmt told of has its enrolment. A verdict itself depends on what was
// known at its moment and is taken from its event. Notify's plan is INV7's (plan_replay.h).
#pragma once

#include "absl/status/status.h"
#include "tools/audit/inbox_reader.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

absl::Status CheckProjections(Subject& subject, Tally& tally);

}  // namespace ieum::audit
