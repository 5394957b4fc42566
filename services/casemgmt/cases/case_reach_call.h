// The reach of whoever calls. For doors.
#pragma once

#include <string_view>

#include "platform/rpc/call.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/references/staff.h"

namespace ieum::casemgmt {

// Of the method's own permission: the centres where the caller holds it for his own cases, and
// those among them where the same grant lets him see the team's. A head of a centre who keeps cases
// there as well reads his own and lists all. With `also`, as far as that grant carries it, too.
Reach ReachOf(const rpc::Call& call);
Reach ReachOf(const rpc::Call& call, std::string_view also);

// access::SubjectId of the account that calls.
base::Uuid SubjectOf(const rpc::Call& call);

}  // namespace ieum::casemgmt
