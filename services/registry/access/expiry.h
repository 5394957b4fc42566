// Writes down the end of grants whose time has run out. They count no more from that instant on,
// whether or not it is written down: the book of grants looks at the clock.
#pragma once

#include "platform/flow/due_rows.h"

namespace ieum::registry {

// For App::AddDueWork; the ledger outlives it.
flow::DueWork GrantExpiry(ledger::Ledger& ledger);

}  // namespace ieum::registry
