// What the activities room hears from registry, one line each in Listen.
#pragma once

#include "platform/flow/subscriptions.h"

namespace ieum::casemgmt {

// What approved plans say. `reactions.cc` calls it.
void ListenToPlans(flow::Subscriptions& on);

// Takes back what a restored ledger of registry has never said.
void ForgetVanishedPlans(db::Tx& tx);

}  // namespace ieum::casemgmt
