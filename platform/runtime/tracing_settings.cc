#include "platform/runtime/tracing_settings.h"

#include "absl/strings/str_cat.h"
#include "platform/telemetry/process_identity.h"

namespace ieum::runtime {

TracingSettings ReadTracingSettings(config::Reader& reader) {
  TracingSettings settings;
  reader.Text("IEUM_OTLP_ENDPOINT",
              "collector of traces, http(s)://host:port (OTLP/HTTP JSON); empty = no traces",
              &settings.endpoint);
  reader.Number("IEUM_OTLP_SAMPLE_PERCENT",
                "of the traces that begin here; callers who bring one have decided", 0, 100,
                &settings.sample_percent);
  if (settings.endpoint.empty()) return settings;
  if (const absl::Status fault = telemetry::CheckCollector(settings.endpoint); !fault.ok()) {
    reader.Fault(absl::StrCat("IEUM_OTLP_ENDPOINT ", fault.message()));
  }
  return settings;
}

Tracing::Tracing(const TracingSettings& settings, const std::string& service,
                 telemetry::Metrics& metrics) {
  if (settings.endpoint.empty()) return;
  exporter_ = std::make_unique<telemetry::SpanExporter>(
      telemetry::Resource{{"service.name", service},
                          {"service.namespace", "ieum"},
                          {"service.version", telemetry::ServiceVersion()},
                          {"service.instance.id", telemetry::InstanceId()}},
      telemetry::PostTo(settings.endpoint), metrics);
  telemetry::UseSpans(exporter_.get());
  telemetry::SetSampling(settings.sample_percent / 100.0);
}

Tracing::~Tracing() {
  if (exporter_ == nullptr) return;
  telemetry::SetSampling(0);
  telemetry::UseSpans(nullptr);
}

void Tracing::Drain(absl::Duration limit) {
  if (exporter_ != nullptr) exporter_->Drain(limit);
}

}  // namespace ieum::runtime
