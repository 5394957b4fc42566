// What a connection may do, on every port that speaks gRPC.
#pragma once

namespace grpc {
class ServerBuilder;
}

namespace ieum::rpc {

void SetConnectionLimits(grpc::ServerBuilder* builder);

}  // namespace ieum::rpc
