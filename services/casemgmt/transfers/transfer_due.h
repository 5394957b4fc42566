// Transfers that nobody answers: told first, and over in the end. row:X13
#pragma once

#include "platform/flow/due_rows.h"

namespace ieum::casemgmt {

// The ledger outlives them.
flow::DueWork TransferAnswers(ledger::Ledger& ledger);
flow::DueWork TransferExpiry(ledger::Ledger& ledger);

}  // namespace ieum::casemgmt
