#include "tests/simulator/world.h"

#include <cstdio>

#include "fmt/format.h"
#include "tests/simulator/mutant.h"

namespace ieum::flow::simulation {

bool SimLease::Take(int owner, Instant now, absl::Duration ttl) {
  if (holder != owner && until > now) return false;
  if (holder != owner) ++term;
  holder = owner;
  until = now + ttl;
  return true;
}

void World::Breach(std::string_view broken, std::string_view what) {
  if (!law.empty()) return;
  law = broken;
  breach = what;
  if (tracing) Trace("LAW", fmt::format("{}: {}", law, breach));
}

void World::Trace(std::string_view who, std::string_view what) {
  fmt::print("{:7.1f} ms  {:<10} {}\n", absl::ToDoubleMilliseconds(now), who, what);
}

RelayLimits SimRelayLimits() {
  RelayLimits limits;
  limits.max_in_flight = 8;
  limits.read_events_max = 12;
  limits.ack_timeout = absl::Milliseconds(60);
  limits.retry_min = absl::Milliseconds(2);
  limits.retry_max = absl::Milliseconds(30);
  limits.poll_busy = absl::Milliseconds(5);
  limits.poll_idle = absl::Milliseconds(10);
  limits.poll_calm = absl::Milliseconds(50);
  limits.stopped_retry = absl::Milliseconds(30);
  limits.rest = absl::Milliseconds(1);
  return limits;
}

ConsumerLimits SimConsumerLimits() {
  ConsumerLimits limits;
  limits.batch_max = 6;
  limits.reactions_max = 3;
  limits.queue_max = 40;
  limits.ahead_max = 8;
  limits.repair_events_max = 10;
  limits.behind_grace = absl::Milliseconds(60);
  limits.mark_stale = absl::Milliseconds(90);
  limits.probe_interval = absl::Milliseconds(30);
  limits.retry_min = absl::Milliseconds(2);
  limits.retry_max = absl::Milliseconds(30);
  limits.skip_linger = absl::Milliseconds(2);
  return limits;
}

}  // namespace ieum::flow::simulation
