// Goal: the service config that every client of ours carries is one that gRPC understands.
#include "platform/rpc/peer_channel.h"

#include <gtest/gtest.h>

#include "grpcpp/support/validate_service_config.h"

namespace ieum::rpc {
namespace {

TEST(PeerServiceConfig, IsValid) {
  EXPECT_EQ(grpc::experimental::ValidateServiceConfigJSON(PeerServiceConfig()), "");
  EXPECT_NE(grpc::experimental::ValidateServiceConfigJSON(R"({"methodConfig": [{"name": 3}]})"), "")
      << "the check itself must see a fault";
}

}  // namespace
}  // namespace ieum::rpc
