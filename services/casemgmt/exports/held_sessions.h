// What case management holds of sessions, notes on them and appointments.
#pragma once

#include <vector>

#include "platform/personal_data/held.h"

namespace ieum::casemgmt {

std::vector<personal_data::Held> HeldOfSessions();

}  // namespace ieum::casemgmt
