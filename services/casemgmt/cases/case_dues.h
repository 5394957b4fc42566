// Tasks whose last day is over, told by themselves.
#pragma once

#include "platform/flow/due_work.h"
#include "platform/ledger/ledger.h"

namespace ieum::casemgmt {

// CaseTaskOverdue for each, once for each day on which it was due. The ledger outlives it.
flow::DueWork TellingOverdue(ledger::Ledger& ledger);

}  // namespace ieum::casemgmt
