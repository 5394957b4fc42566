// Retention checks as the contract shows them. Pure.
#pragma once

#include "ieum/casemgmt/v1/followup_service.pb.h"
#include "services/casemgmt/followups/retention_store.h"

namespace ieum::casemgmt {

v1::RetentionCheck ToWire(const RetentionCheckView& view);

}  // namespace ieum::casemgmt
