// Writes down the end of consents whose time has run out, and calls for the confirmation of
// consents to advertising every two years (정보통신망법 제50조 제8항). A consent ends at its
// instant whether or not it is written down: gates look at the clock.
#pragma once

#include "platform/flow/due_rows.h"

namespace ieum::registry {

// For App::AddDueWork; the ledger outlives it.
flow::DueWork ConsentsDue(ledger::Ledger& ledger);

}  // namespace ieum::registry
