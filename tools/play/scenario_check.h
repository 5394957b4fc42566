// A rehearsal of a scenario without any service: every request is built once, with made-up names.
#pragma once

#include "tools/play/faults.h"
#include "tools/play/scenario.h"

namespace ieum::play {

void CheckScenario(const Scenario& scenario, Faults& faults);

}  // namespace ieum::play
