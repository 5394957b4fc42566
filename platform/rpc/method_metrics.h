// `rpc_server_call_duration_seconds` of one method; one series for each status code that occurred.
#pragma once

#include <array>
#include <atomic>
#include <string>

#include "absl/time/time.h"
#include "grpcpp/support/status.h"
#include "platform/telemetry/metrics.h"

namespace ieum::rpc {

// Thread-safe. `metrics` must outlive it.
class MethodMetrics {
 public:
  // `method`: "ieum.registry.v1.OrganizationService/GetOrganization", or "_OTHER".
  MethodMetrics(telemetry::Metrics& metrics, std::string method);
  void Record(grpc::StatusCode code, absl::Duration duration);

 private:
  static constexpr int kCodes = 17;
  telemetry::Metrics& metrics_;
  const std::string method_;
  std::array<std::atomic<prometheus::Histogram*>, kCodes> by_code_{};
};

}  // namespace ieum::rpc
