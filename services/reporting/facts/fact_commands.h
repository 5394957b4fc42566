// The use case of facts: to keep events. What the consumer does live, and a rebuild beside it.
#pragma once

#include <vector>

#include "absl/types/span.h"
#include "platform/db/tx.h"
#include "platform/flow/subscriptions.h"
#include "services/reporting/facts/fact_store.h"

namespace ieum::reporting {

// The facts that events give, which they outlive. Pure.
std::vector<Fact> FactsOf(absl::Span<const flow::ReceivedEvent> events);

// A run of events into one generation. Repeats change nothing; a type that is newer than this
// program is left out (its fields cannot be read).
absl::Status KeepFacts(db::Tx& tx, int generation, absl::Span<const flow::ReceivedEvent> events);

}  // namespace ieum::reporting
