// Writes down the end of offers whose time has run out, and gives their seats to the next in line.
// They cannot be accepted from that instant on, whether or not it is written down.
#pragma once

#include "platform/flow/due_rows.h"

namespace ieum::registry {

// For App::AddDueWork; the ledger outlives it.
flow::DueWork OfferExpiry(ledger::Ledger& ledger);

}  // namespace ieum::registry
