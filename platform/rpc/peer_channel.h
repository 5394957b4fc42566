// How our clients connect: the one service config and the one set of channel arguments.
#pragma once

#include <memory>
#include <string>

#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace ieum::rpc {

// Round robin over healthy servers; UNAVAILABLE, and nothing else, is tried again.
std::string PeerServiceConfig();
grpc::ChannelArguments PeerChannelArguments();
// With our certificate, and no server but a process of that service; plaintext when the process has
// no certificate (UseTls).
std::shared_ptr<grpc::ChannelCredentials> PeerCredentials(const std::string& service);

}  // namespace ieum::rpc
