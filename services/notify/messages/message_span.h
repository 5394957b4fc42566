// Sending messages as spans, in the traces of the events that they come from.
#pragma once

#include "absl/types/span.h"
#include "platform/telemetry/span.h"
#include "services/notify/messages/message.h"
#include "services/notify/messages/outcome.h"

namespace ieum::notify {

// One question to registry for several messages.
telemetry::Span QuestionSpan(absl::Span<const Message* const> asking);

// One hand-over; says its outcome in the end. What is recorded of it later goes on from there.
telemetry::Span HandOverSpan(const Message& message);
void TellOutcome(const Outcome& outcome, telemetry::Span& span, Message* message);

// "email"
std::string ChannelWord(v1::Channel channel);

}  // namespace ieum::notify
