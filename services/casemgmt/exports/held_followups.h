// What case management holds of retention checks, and of what was recommended to the firm that she
// speaks for.
#pragma once

#include <vector>

#include "platform/personal_data/held.h"

namespace ieum::casemgmt {

std::vector<personal_data::Held> HeldOfFollowUps();

}  // namespace ieum::casemgmt
