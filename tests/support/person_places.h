// Whether what a service says that it holds of people fits its schema.
#pragma once

#include <string>
#include <vector>

#include "platform/personal_data/held.h"
#include "tests/support/postgres.h"

namespace ieum::testing {

// Faults of the holdings against the schema:
// * every column in which a person's id stands, by its foreign key or by what it is called, is told
//   by a kind or silent for a reason, and not both;
// * no place is there in vain;
// * every kind's statement answers what it should, and says of itself why it is held.
std::vector<std::string> HoldingsFaults(const TestDatabase& database,
                                        const personal_data::Holdings& holdings);

}  // namespace ieum::testing
