#include "services/notify/messages/message_span.h"

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"

namespace ieum::notify {
namespace {

void Join(const Message& message, telemetry::Span& span) {
  if (!telemetry::Recorded(message.traceparent)) return;
  const auto origin = telemetry::TraceContext::Parse(message.traceparent);
  if (origin) span.Under(*origin, {{"ieum.channel", ChannelWord(message.channel)}});
}

}  // namespace

telemetry::Span QuestionSpan(absl::Span<const Message* const> asking) {
  telemetry::Span span("ask contacts", telemetry::SpanKind::kInternal);
  for (const Message* message : asking) Join(*message, span);
  span.Set("ieum.batch.size", static_cast<int64_t>(asking.size()));
  return span;
}

telemetry::Span HandOverSpan(const Message& message) {
  telemetry::Span span("hand over", telemetry::SpanKind::kClient);
  Join(message, span);
  return span;
}

void TellOutcome(const Outcome& outcome, telemetry::Span& span, Message* message) {
  if (!span.recording()) return;
  const std::string word = KindWord(outcome.kind);
  span.Set("ieum.result", word);
  const bool failed =
      outcome.kind == Outcome::Kind::kRetry || outcome.kind == Outcome::Kind::kInDoubt;
  if (failed) span.Fail(word);
  message->traceparent = span.context().Header();
}

std::string ChannelWord(v1::Channel channel) {
  return absl::AsciiStrToLower(
      std::string(absl::StripPrefix(v1::Channel_Name(channel), "CHANNEL_")));
}

}  // namespace ieum::notify
