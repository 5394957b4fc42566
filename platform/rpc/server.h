// The business port of a process, and its health port. Serves every route of a Router; around each
// handler, once for all methods: deadline (at most 30 s, also when the caller set none), identity,
// permission (before anything about the resource is looked at), a bounded queue, parsing, text and
// annotation checks, metrics, one access log line. Reflection lists the services.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "platform/rpc/authenticator.h"
#include "platform/rpc/grant_source.h"
#include "platform/rpc/limits.h"
#include "platform/rpc/roles.h"
#include "platform/rpc/router.h"

namespace ieum::telemetry {
class Metrics;
}

namespace ieum::access_log {
class AccessLog;
}

namespace ieum::rpc {

// What gRPC itself has to say goes into our log instead of standard error. Once, at start.
void RouteGrpcLog();

class HealthPort;

struct ServerOptions {
  std::string service;               // "registry": the domain of its errors
  std::string listen = "127.0.0.1";  // address of both ports
  int grpc_port = 0;                 // 0 = a free one
  int health_port = 0;
  int threads = kExecutorThreads;
  int queue_limit = kQueueLimit;
  absl::Duration max_deadline = kMaxDeadline;
  // How long a drain keeps listening after health said NOT_SERVING, so that clients look elsewhere.
  absl::Duration health_grace = absl::ZeroDuration();
  absl::Duration drain_timeout = kDrainTimeout;
  // Open already, and outlives the server; null: the server opens one of its own.
  HealthPort* health = nullptr;
  // What subjects hold beside their token; null: nothing. Outlives the server.
  const GrantSource* grants = nullptr;
  // Where accesses to personal data are written down before they are answered; a server with a
  // method that discloses some does not start without it. Outlives the server.
  access_log::AccessLog* access_log = nullptr;
};

class Server {
 public:
  Server(ServerOptions options, const Router& router, Authenticator authenticator, Roles roles,
         telemetry::Metrics& metrics);
  // Drains if nobody did.
  ~Server();

  // Checks the router, binds both ports and serves. FAILED_PRECONDITION when the router is
  // incomplete, UNAVAILABLE when a port cannot be had. Health is NOT_SERVING until SetServing,
  // apart from service "liveness".
  absl::Status Start();
  int grpc_port() const;
  int health_port() const;

  // Health of "", "readiness" and each service. Thread-safe.
  void SetServing(bool serving);

  // Stops as clients like it: health NOT_SERVING, grace, no new calls, what runs and waits gets
  // `drain_timeout`, then is cancelled; returns when no handler runs any more. Once; other calls
  // wait for the first.
  void Drain();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ieum::rpc
