// Moves that nobody answered end by themselves.
#pragma once

#include "platform/flow/due_rows.h"

namespace ieum::registry {

// The ledger outlives it.
flow::DueWork MoveExpiry(ledger::Ledger& ledger);

}  // namespace ieum::registry
