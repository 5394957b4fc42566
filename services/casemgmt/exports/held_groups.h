// What case management holds of peer groups: those that somebody is in, and those that she leads.
#pragma once

#include <vector>

#include "platform/personal_data/held.h"

namespace ieum::casemgmt {

std::vector<personal_data::Held> HeldOfGroups();

}  // namespace ieum::casemgmt
