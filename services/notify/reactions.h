// The event door: rules are data, so every event of the services that rules may listen to comes in.
#pragma once

#include "platform/flow/subscriptions.h"

namespace ieum::notify {

// Registry's and casemgmt's events, whatever their type; one that no rule listens to changes
// nothing.
void Listen(flow::Subscriptions& subscriptions);

}  // namespace ieum::notify
