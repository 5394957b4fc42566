// How an event's id follows from what made it: a ledger derives it from the request or the causing
// event, so that the same command run again makes the same ids. Said here a second time on purpose:
// an auditor does not ask the one it audits.
#pragma once

#include <string_view>

#include "platform/base/uuid.h"

namespace ieum::audit {

// The id of the event number `index`, from 0, that `service` appends for `cause`.
base::Uuid EventIdOf(std::string_view service, const base::Uuid& cause, int index);

// Its number, if it is one of the first `most` events of `cause`; -1 otherwise.
int IndexOf(std::string_view service, const base::Uuid& cause, const base::Uuid& event_id,
            int most = 64);

}  // namespace ieum::audit
