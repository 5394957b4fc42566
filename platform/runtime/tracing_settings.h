// Where spans go, from the environment: nowhere unless a collector is named.
#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "platform/config/config.h"
#include "platform/telemetry/metrics.h"
#include "platform/telemetry/span_exporter.h"

namespace ieum::runtime {

struct TracingSettings {
  std::string endpoint;  // empty = off
  int sample_percent = 100;
};

TracingSettings ReadTracingSettings(config::Reader& reader);

// Spans of this process are exported for as long as this lives.
class Tracing {
 public:
  Tracing(const TracingSettings& settings, const std::string& service, telemetry::Metrics& metrics);
  ~Tracing();
  Tracing(const Tracing&) = delete;
  Tracing& operator=(const Tracing&) = delete;

  // When whoever ends spans has ended: sends what waits, for at most about `limit`.
  void Drain(absl::Duration limit);

 private:
  std::unique_ptr<telemetry::SpanExporter> exporter_;  // null = off
};

}  // namespace ieum::runtime
