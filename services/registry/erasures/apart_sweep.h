// Erases whose data are kept apart as soon as nobody holds them any more: the last hold was
// released, or its last day is over.
#pragma once

#include "platform/crypto/vault.h"
#include "platform/flow/due_work.h"
#include "platform/ledger/ledger.h"

namespace ieum::registry {

// For App::AddDueWork; what it is given outlives it.
flow::DueWork ApartSweep(ledger::Ledger& ledger, const crypto::Vault& vault);

}  // namespace ieum::registry
