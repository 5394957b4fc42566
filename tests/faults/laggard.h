// A consumer that is away for longer than a stream keeps (the second half of T14).
#pragma once

#include "tests/faults/fault.h"

namespace ieum::faults {

// The producer's stream is small meanwhile. The consumer takes what was dropped from the ledger.
Strike DrawLaggard(Dice& dice);

}  // namespace ieum::faults
