// The end of requests that nobody decided about: their time is over, or what they would change has
// become another.
#pragma once

#include "platform/crypto/vault.h"
#include "platform/flow/due_rows.h"

namespace ieum::registry {

// For App::AddDueWork; what it is given outlives it.
flow::DueWork ChangesDue(ledger::Ledger& ledger, const crypto::Vault& vault);

}  // namespace ieum::registry
