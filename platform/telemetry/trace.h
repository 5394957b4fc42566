// W3C trace context: carried over gRPC metadata, ledger rows and NATS headers, printed in logs.
//
// `tracestate` is dropped on purpose: it is free text of whoever calls, and what goes with an event
// stays in the ledger for ever (docs/adr/0019).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ieum::telemetry {

struct TraceContext {
  std::string trace_id;  // 32 hex
  std::string span_id;   // 16 hex
  bool sampled = false;

  // The beginning of a trace. Sampled as SetSampling says.
  static TraceContext New();
  // nullopt when `header` is not a valid `traceparent`. One of a later version is read as far as it
  // is known.
  static std::optional<TraceContext> Parse(std::string_view header);
  TraceContext Child() const;  // same trace, new span
  std::string Header() const;  // 00-<trace>-<span>-<flags>
};

// The share of new traces that are sampled, from 0 (at first) to 1. Who comes with a trace of his
// own has decided already.
void SetSampling(double ratio);

// The context of the work that this thread does now; log lines take their trace_id from it.
class TraceScope {
 public:
  explicit TraceScope(const TraceContext& context);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  TraceContext previous_;
};
const TraceContext& CurrentTrace();  // empty ids when there is none

}  // namespace ieum::telemetry
