// Tells once, on its day, that somebody is to be asked whether she is still employed.
#pragma once

#include "platform/flow/due_rows.h"

namespace ieum::casemgmt {

// For App::AddDueWork; the ledger outlives it.
flow::DueWork RetentionDues(ledger::Ledger& ledger);

}  // namespace ieum::casemgmt
