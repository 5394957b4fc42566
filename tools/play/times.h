// Where the clock has to stop on its way. Pure.
#pragma once

#include <vector>

#include "absl/time/time.h"

namespace ieum::play {

// 09:00:00 in Korea: the instant at which reminders become due.
bool IsReminderInstant(absl::Time instant);

// The reminder instants after `from` and before `to`, then `to` itself.
std::vector<absl::Time> StopsBetween(absl::Time from, absl::Time to);

}  // namespace ieum::play
