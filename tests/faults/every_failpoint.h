// A walk over every failpoint that a process can be killed at (T2, --every-failpoint).
#pragma once

#include <vector>

#include "tests/faults/fault.h"

namespace ieum::faults {

// One strike for each failpoint, in their order; it is broken when no service comes by.
std::vector<Strike> AtEveryFailpoint(Dice& dice);

}  // namespace ieum::faults
