// Rules that every installation has without anybody entering them: who supervises a centre hears of
// a broken glass.
#pragma once

#include "platform/flow/due_work.h"
#include "platform/ledger/ledger.h"

namespace ieum::notify {

// Of the rule, and of its template.
inline constexpr char kBreakGlassCode[] = "BREAK-GLASS";

// Enters what is missing of deploy/access as version 1, with its event, and in force from ever: the
// instant of an event may lie before the one at which this was entered. What stands under the code
// already, and what somebody makes of it later, stays. For App::AddDueWork; the ledger outlives it.
flow::DueWork StandingRules(ledger::Ledger& ledger);

}  // namespace ieum::notify
