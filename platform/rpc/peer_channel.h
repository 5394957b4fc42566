// How our clients connect: the one service config and the one set of channel arguments.
#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace ieum::rpc {

// Round robin over healthy servers; UNAVAILABLE, and nothing else, is tried again.
std::string PeerServiceConfig();
grpc::ChannelArguments PeerChannelArguments();
// With our certificate, and no server but a process of that service; plaintext when the process has
// no certificate (UseTls).
std::shared_ptr<grpc::ChannelCredentials> PeerCredentials(const std::string& service);

// Waits for the connection to stand, at most `patience` and never past `deadline`. For processes
// that serve nobody: gRPC moves their connections only while a thread waits on them, and a call
// that fails at once waits for nothing, so a lost connection would come back by the step of five
// seconds that gRPC itself makes, and time out in the middle of its handshake.
void AwaitConnection(grpc::Channel& channel, absl::Duration patience, absl::Time deadline);

}  // namespace ieum::rpc
