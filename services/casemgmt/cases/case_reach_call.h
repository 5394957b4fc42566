// The reach of whoever calls. For doors.
#pragma once

#include "platform/rpc/call.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/references/staff.h"

namespace ieum::casemgmt {

// Of the method's own permission: the centres where the caller holds it for his own cases, and
// those among them where he also sees the team's.
Reach ReachOf(const rpc::Call& call);

// access::SubjectId of the account that calls.
base::Uuid SubjectOf(const rpc::Call& call);

}  // namespace ieum::casemgmt
