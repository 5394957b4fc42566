// Tells once, on its day, that a firm is to be asked whether it does what was recommended.
#pragma once

#include "platform/flow/due_rows.h"

namespace ieum::casemgmt {

// For App::AddDueWork; the ledger outlives it.
flow::DueWork AdoptionCheckDues(ledger::Ledger& ledger);

}  // namespace ieum::casemgmt
