// The laws that hold in every ledger at every moment, asked of the tables themselves.
#pragma once

#include <string>
#include <vector>

#include "tests/support/postgres.h"

namespace ieum::ledger {

// What breaks a law, in words; empty when all hold: positions gapless and counted (INV2), versions
// 1…n in the order of positions and n the aggregate's version (INV3), each aggregate on its shard,
// ids unique, each stored answer true.
std::vector<std::string> BrokenLaws(testing::TestDatabase& database);

}  // namespace ieum::ledger
