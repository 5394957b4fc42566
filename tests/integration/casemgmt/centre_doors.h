// Every method of case management, tried with what is another centre's.
#pragma once

#include <vector>

#include "tests/support/centres.h"

namespace ieum::casemgmt::testing {

inline constexpr char kEngagement[] = "name: 'engagements/{engagement}' ";

// Methods that name one thing, and lists of all.
std::vector<ieum::testing::Door> Doors();
const std::vector<ieum::testing::Door>& Lists();

}  // namespace ieum::casemgmt::testing
