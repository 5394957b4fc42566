// Results of a small made-up year, everything as it must be.
#pragma once

#include "tools/play/results.h"
#include "tools/play/scenario.h"

namespace ieum::play {

Scenario SampleScenario();
Results SampleResults();

}  // namespace ieum::play
