// A long or bad way between one service and what it talks to (the second half of T7).
#pragma once

#include "tests/faults/fault.h"

namespace ieum::faults {

// Delay, loss of connections, or a way on which nothing arrives, and healing. Beyond the laws:
// what the service says on that way until it has caught up is at most three times what it said
// before, in proportion to the time.
Strike DrawBadWeather(Dice& dice);

}  // namespace ieum::faults
