// What this service hears of people from registry: merges of their records, consents, and that
// somebody was erased.
#pragma once

#include "platform/flow/subscriptions.h"

namespace ieum::casemgmt {

void ListenToPeople(flow::Subscriptions& on);
// What was told of people and is gone with a restored ledger was never said.
void ForgetVanishedWords(db::Tx& tx, const flow::Rewind& rewind);

}  // namespace ieum::casemgmt
