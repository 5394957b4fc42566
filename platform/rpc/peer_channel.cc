#include "platform/rpc/peer_channel.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "grpc/grpc.h"
#include "platform/rpc/limits.h"
#include "platform/rpc/tls.h"

namespace ieum::rpc {
namespace {

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

}  // namespace

std::string PeerServiceConfig() {
  return R"({
    "loadBalancingConfig": [{"round_robin": {}}],
    "healthCheckConfig": {"serviceName": "readiness"},
    "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
    "methodConfig": [{
      "name": [{}],
      "waitForReady": false,
      "retryPolicy": {
        "maxAttempts": 4,
        "initialBackoff": "0.1s",
        "maxBackoff": "1s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"]
      }
    }]
  })";
}

grpc::ChannelArguments PeerChannelArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(PeerServiceConfig());
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetMaxReceiveMessageSize(kMaxResponseBytes);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(kKeepaliveTime));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Milliseconds(kKeepaliveTimeout));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, Milliseconds(kReconnectMin));
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, Milliseconds(kReconnectMax));
  // Processes and tests do not share connections by accident.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return arguments;
}

std::shared_ptr<grpc::ChannelCredentials> PeerCredentials(const std::string& service) {
  const auto tls = TlsInUse();
  return tls == nullptr ? grpc::InsecureChannelCredentials() : tls->ForPeer(service);
}

void AwaitConnection(grpc::Channel& channel, absl::Duration patience, absl::Time deadline) {
  if (patience <= absl::ZeroDuration() || channel.GetState(true) == GRPC_CHANNEL_READY) return;
  channel.WaitForConnected(absl::ToChronoTime(std::min(absl::Now() + patience, deadline)));
}

}  // namespace ieum::rpc
