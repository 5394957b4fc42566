// Commands of casemgmt against the limit of the same SQL.
#pragma once

#include "bench/harness/bench.h"

namespace ieum::bench {

// Over a filled casemgmt (FillCases), with all four services at work.
Line MeasureCaseCommands(Bench& bench, Suite& suite, int64_t cases);

}  // namespace ieum::bench
