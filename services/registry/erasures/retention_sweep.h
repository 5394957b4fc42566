// Once a day erases whose time is over by a rule that needs no review. What a rule wants reviewed
// is left for RunRetention; whom somebody holds is kept apart until the hold ends (law:L13).
#pragma once

#include "platform/crypto/vault.h"
#include "platform/flow/due_work.h"
#include "platform/ledger/ledger.h"

namespace ieum::registry {

// For App::AddDueWork; what it is given outlives it.
flow::DueWork RetentionSweep(ledger::Ledger& ledger, const crypto::Vault& vault);

}  // namespace ieum::registry
