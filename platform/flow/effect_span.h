// What applying events took, as spans in the traces that the events come from. Inside of
// platform/flow.
#pragma once

#include <string>

#include "absl/types/span.h"
#include "platform/flow/subscriptions.h"
#include "platform/telemetry/span.h"

namespace ieum::flow {

// Of one transaction: a span for each traced event, child of the context in which the event was
// made, with the context that its effects know already.
telemetry::Span EffectSpan(const std::string& producer, absl::Span<const ReceivedEvent> events);

}  // namespace ieum::flow
