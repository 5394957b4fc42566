// How our clients connect: the one service config and the one set of channel arguments.
#pragma once

#include <string>

#include "grpcpp/support/channel_arguments.h"

namespace ieum::rpc {

// Round robin over healthy servers; UNAVAILABLE, and nothing else, is tried again.
std::string PeerServiceConfig();
grpc::ChannelArguments PeerChannelArguments();

}  // namespace ieum::rpc
