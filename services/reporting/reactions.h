// What reporting listens to: every event of registry, casemgmt and notify becomes a fact.
#pragma once

#include "platform/flow/subscriptions.h"

namespace ieum::reporting {

void Listen(flow::Subscriptions& subscriptions);

}  // namespace ieum::reporting
