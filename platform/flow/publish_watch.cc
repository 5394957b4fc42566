#include "platform/flow/publish_watch.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace ieum::flow {
namespace {

telemetry::Labels Publishing(const std::string& destination) {
  return {{"messaging_system", "nats"},
          {"messaging_operation_name", "publish"},
          {"messaging_destination_template", destination}};
}

}  // namespace

PublishWatch::PublishWatch(const std::string& service, telemetry::Metrics& metrics)
    : destination_(absl::StrCat("ev.", service, ".s*")),
      name_(absl::StrCat("publish ", destination_)),
      stored_(metrics.Counter("messaging_client_sent_messages_total",
                              "Events published into the stream", Publishing(destination_))),
      seconds_(metrics.Seconds("messaging_client_operation_duration_seconds",
                               "From a publish to the broker's word that it is stored; one at a "
                               "time is timed",
                               Publishing(destination_))) {}

void PublishWatch::Sent(uint64_t token, const platform::v1::LedgerEvent& event) {
  if (timed_ == 0) {
    timed_ = token;
    sent_at_ = absl::Now();
  }
  if (!telemetry::Recorded(event.traceparent())) return;
  const auto origin = telemetry::TraceContext::Parse(event.traceparent());
  if (!origin) return;
  telemetry::Span span(name_, telemetry::SpanKind::kProducer);
  span.Under(*origin, {{"messaging.message.type", event.type()}});
  span.Set("messaging.system", "nats");
  span.Set("messaging.operation.name", "publish");
  span.Set("messaging.destination.template", destination_);
  spans_.emplace(token, std::move(span));
}

void PublishWatch::Stored(uint64_t token, bool duplicate) {
  if (token == timed_) {
    seconds_.Observe(absl::ToDoubleSeconds(absl::Now() - sent_at_));
    timed_ = 0;
  }
  if (!duplicate) stored_.Increment();
  if (!spans_.empty()) spans_.erase(token);  // ends it
}

// They are published again, most of them, and told then.
void PublishWatch::Forget() {
  timed_ = 0;
  for (auto& [token, span] : spans_) span.Forget();
  spans_.clear();
}

}  // namespace ieum::flow
