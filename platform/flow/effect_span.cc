#include "platform/flow/effect_span.h"

#include "absl/strings/str_cat.h"

namespace ieum::flow {

telemetry::Span EffectSpan(const std::string& producer, absl::Span<const ReceivedEvent> events) {
  if (!telemetry::Tracing()) return {};
  const std::string destination = absl::StrCat("ev.", producer, ".s*");
  const std::string name = absl::StrCat("process ", destination);
  telemetry::Span span(name, telemetry::SpanKind::kConsumer);
  for (const ReceivedEvent& event : events) {
    const auto own = telemetry::TraceContext::Parse(event.effect_traceparent);
    const auto origin = telemetry::TraceContext::Parse(event.envelope.traceparent());
    if (own && origin) {
      span.As(*own, origin->span_id, {{"messaging.message.type", event.envelope.type()}});
    }
  }
  span.Set("messaging.system", "nats");
  span.Set("messaging.operation.name", "process");
  span.Set("messaging.destination.template", destination);
  span.Set("messaging.batch.message_count", static_cast<int64_t>(events.size()));
  return span;
}

}  // namespace ieum::flow
