// Every registered statement of the binary against a schema.
#pragma once

#include <string>
#include <vector>

#include "tests/support/postgres.h"

namespace ieum::testing {

// "name: what the server said" of each statement that cannot be prepared; empty when all can.
std::vector<std::string> UnpreparableStatements(const TestDatabase& database);

}  // namespace ieum::testing
