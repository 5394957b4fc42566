// Calling another service of the suite: one shared channel, the shared service config (retries of
// UNAVAILABLE only), a deadline on every call, our own bearer token, the current trace.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

namespace ieum::telemetry {
class Metrics;
}

namespace ieum::rpc {

// For `PeerOptions::patience` of a process that serves nobody: long enough to shake hands with a
// service that is there, short enough to ask one that is not.
inline constexpr absl::Duration kCallerPatience = absl::Milliseconds(500);

struct PeerOptions {
  std::string service;  // "registry"
  std::string address;  // host:port, or dns:///name:port
  std::string token;    // bearer
  telemetry::Metrics* metrics = nullptr;
  // How long a call waits for a lost connection before it fails (AwaitConnection). Not at all in a
  // service, whose own threads mend its connections.
  absl::Duration patience = absl::ZeroDuration();
  // Why somebody's data is wanted, as the access log keeps it; "" = nothing is said.
  std::string reason = {};
};

// Thread-safe. Blocking calls; never made inside a database transaction.
class Peer {
 public:
  explicit Peer(PeerOptions options);
  ~Peer();
  // Ends at the deadline of the call that this thread handles, if that is earlier. A request with
  // an empty `request_id` gets one, so that what is tried again is the same command. `method`:
  // "/ieum.registry.v1.PersonService/ResolveContacts". The status carries the peer's reason
  // (base::ReasonOf) and blamed fields.
  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response, absl::Duration timeout = absl::Seconds(5));

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ieum::rpc
