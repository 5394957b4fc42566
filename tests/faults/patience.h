// How much longer than on an idle machine things may take. Set once, before the run.
#pragma once

#include "absl/time/time.h"

namespace ieum::faults {

void SetSlack(double times);
double Slack();
inline absl::Duration Patient(absl::Duration limit) { return limit * Slack(); }

}  // namespace ieum::faults
