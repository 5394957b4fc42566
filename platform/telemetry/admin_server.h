// The operator's plaintext port: `/metrics`, `/livez`, `/readyz`. Carries no business call.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace ieum::telemetry {

class Metrics;

class AdminServer {
 public:
  // `ready` answers OK, or says in words what is missing (503).
  AdminServer(Metrics& metrics, std::function<absl::Status()> ready);
  ~AdminServer();
  // Binds and serves on own threads; once. `port` 0 = a free one. Returns the port.
  absl::StatusOr<int> Start(const std::string& address, int port);
  void Stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ieum::telemetry
