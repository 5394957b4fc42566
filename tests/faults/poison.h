// Kinds of poison (T15).
#pragma once

#include "tests/faults/fault.h"

namespace ieum::faults {

// A service is killed while it parks an event.
Strike DrawKillWhileParking(Dice& dice);
// An event whose payload nobody can read stands in a ledger.
Strike DrawUndecodable(Dice& dice);

// How many events of this aggregate the service has put aside.
int64_t DeadLetters(World& world, const std::string& service, const base::Uuid& aggregate);

}  // namespace ieum::faults
