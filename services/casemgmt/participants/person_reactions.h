// What this service hears of people from registry: merges of their records, consents, and that
// somebody was erased.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/db/tx.h"
#include "platform/flow/subscriptions.h"

namespace ieum::casemgmt {

void ListenToPeople(flow::Subscriptions& on);
// An event of registry's ledger that was passed over when it came; others than consents change
// nothing. True when it says something new. Nothing is heard of who was erased.
absl::StatusOr<bool> HearConsentAgain(db::Tx& tx, const platform::v1::LedgerEvent& event);
// What was told of people and is gone with a restored ledger was never said.
void ForgetVanishedWords(db::Tx& tx, const flow::Rewind& rewind);

}  // namespace ieum::casemgmt
