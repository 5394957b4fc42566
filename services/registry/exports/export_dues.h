// Tells once, three days before the last one, that a request for one's own data was not answered.
#pragma once

#include "platform/flow/due_rows.h"

namespace ieum::registry {

// For App::AddDueWork; the ledger outlives it.
flow::DueWork DataExportDues(ledger::Ledger& ledger);

}  // namespace ieum::registry
