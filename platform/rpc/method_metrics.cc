#include "platform/rpc/method_metrics.h"

#include "platform/rpc/errors.h"

namespace ieum::rpc {

MethodMetrics::MethodMetrics(telemetry::Metrics& metrics, std::string method)
    : metrics_(metrics), method_(std::move(method)) {}

void MethodMetrics::Record(grpc::StatusCode code, absl::Duration duration) {
  if (code < 0 || code >= kCodes) code = grpc::StatusCode::UNKNOWN;
  prometheus::Histogram* histogram = by_code_[code].load(std::memory_order_acquire);
  if (histogram == nullptr) {
    // Two threads may both ask; the registry gives both the same one.
    telemetry::Labels labels = {{"rpc_system_name", "grpc"},
                                {"rpc_method", method_},
                                {"rpc_status_code", std::string(CodeWord(code))}};
    if (code != grpc::StatusCode::OK) labels["error_type"] = std::string(CodeWord(code));
    histogram = &metrics_.Seconds("rpc_server_call_duration_seconds",
                                  "Calls answered, by method and status code", labels);
    by_code_[code].store(histogram, std::memory_order_release);
  }
  histogram->Observe(absl::ToDoubleSeconds(duration));
}

}  // namespace ieum::rpc
