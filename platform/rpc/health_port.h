// A port with nothing but gRPC health, in plaintext: probes know neither our certificates nor our
// tokens. It opens as soon as the process runs, before anything can be served, so that a process
// that waits for its database is known to be alive.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace grpc {
class Server;
}

namespace ieum::rpc {

// Thread-safe once it is open.
class HealthPort {
 public:
  HealthPort();
  ~HealthPort();  // closes

  // `port` 0: a free one. Says of "liveness" that it serves and of "" and "readiness" that they do
  // not. UNAVAILABLE when the port cannot be had.
  absl::Status Open(const std::string& listen, int port);
  bool open() const { return server_ != nullptr; }
  int port() const { return port_; }
  // Of "", "readiness" and each of `services`.
  void SetServing(const std::vector<std::string>& services, bool serving);
  void Close();

 private:
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

// The same words on a server that answers more than health.
void SetHealthOf(grpc::Server& server, const std::vector<std::string>& services, bool serving);
// UNAVAILABLE in the words that an operator needs.
absl::Status CannotListen(const std::string& address, const char* what_for, const char* variable);

}  // namespace ieum::rpc
