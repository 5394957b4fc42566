// What reporting listens to: every event of registry, casemgmt and notify becomes a fact.
#pragma once

#include "platform/flow/subscriptions.h"

namespace ieum::reporting {

void Listen(flow::Subscriptions& subscriptions);

// A run of events into the live facts; also what a rebuild does with what it read.
absl::Status KeepFacts(db::Tx& tx, int generation, absl::Span<const flow::ReceivedEvent> events);

}  // namespace ieum::reporting
