// Tells once, on the last day for it, that a firm which has signed an intent was not contacted.
#pragma once

#include "platform/flow/due_rows.h"

namespace ieum::registry {

// For App::AddDueWork; the ledger outlives it.
flow::DueWork ContactDues(ledger::Ledger& ledger);

}  // namespace ieum::registry
