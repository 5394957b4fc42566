// Whoever was erased is named nowhere: a process of an older release, which hears of erasures while
// another one is upgraded, lets her go in those rooms alone that it knows.
#pragma once

#include "platform/flow/due_work.h"
#include "platform/ledger/ledger.h"

namespace ieum::casemgmt {

// For App::AddDueWork; the ledger outlives it. Looks through all erased persons when it begins, and
// once an hour.
flow::DueWork ForgettingAgain(ledger::Ledger& ledger);

}  // namespace ieum::casemgmt
