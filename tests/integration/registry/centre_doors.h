// Every method of the registry that meets rows of centres, with a request about one of them.
// `{campaign}` and the like are ids of a centre's rows, `{own_campaign}` of the caller's own.
#pragma once

#include <vector>

#include "tests/support/centres.h"

namespace ieum::registry {

const std::vector<ieum::testing::Door>& Doors();
const std::vector<ieum::testing::Door>& Lists();

}  // namespace ieum::registry
