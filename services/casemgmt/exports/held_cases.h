// What case management holds of persons' cases: of whose they are, and of who manages them.
#pragma once

#include <vector>

#include "platform/personal_data/held.h"

namespace ieum::casemgmt {

std::vector<personal_data::Held> HeldOfCases();

}  // namespace ieum::casemgmt
