// Goal: probes and balancers hear whether the process serves; reflection shows what it serves.
// Method: the well-known methods, called with bytes, since Debian brings no stubs for them.
#include <gmock/gmock.h>
#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/client_unary_call.h"
#include "tests/integration/rpc/sample_server.h"

namespace ieum::rpc {
namespace {

using google::protobuf::UnknownFieldSet;
using ::testing::HasSubstr;

constexpr int kServing = 1, kNotServing = 2;

std::string Flat(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

grpc::ByteBuffer Bytes(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

// grpc.health.v1: HealthCheckRequest {string service = 1}, HealthCheckResponse {int status = 1};
// -1 when the service is not known.
int Health(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  UnknownFieldSet request, response;
  request.AddLengthDelimited(1, service);
  std::string bytes;
  request.SerializeToString(&bytes);
  grpc::ClientContext context;
  SampleServer::Prepare(&context, "", absl::Seconds(20));
  grpc::ByteBuffer answer;
  const grpc::internal::RpcMethod rpc("/grpc.health.v1.Health/Check",
                                      grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      channel.get(), rpc, &context, Bytes(bytes), &answer);
  if (!status.ok()) return -1;
  response.ParseFromString(Flat(answer));
  return response.field_count() == 0 ? 0 : static_cast<int>(response.field(0).varint());
}

TEST(Health, IsToldOnBothPortsForEveryName) {
  SampleServer server;
  for (const int port : {server.server->grpc_port(), server.server->health_port()}) {
    const auto channel = server.NewChannel(port);
    for (const char* name : {"", "readiness", "ieum.sample.v1.SampleService"}) {
      server.server->SetServing(false);
      EXPECT_EQ(Health(channel, name), kNotServing) << name;
      server.server->SetServing(true);
      EXPECT_EQ(Health(channel, name), kServing) << name;
    }
    server.server->SetServing(false);
    EXPECT_EQ(Health(channel, "liveness"), kServing);
    EXPECT_EQ(Health(channel, "unknown"), -1);
  }
}

TEST(Health, HasAPortThatCarriesNothingElse) {
  SampleServer server;
  const auto channel = server.NewChannel(server.server->health_port());
  grpc::ClientContext context;
  SampleServer::Prepare(&context, "all", absl::Seconds(20));
  sample::v1::Thing thing;
  EXPECT_EQ(
      sample::v1::SampleService::NewStub(channel)->GetThing(&context, {}, &thing).error_code(),
      grpc::StatusCode::UNIMPLEMENTED);
}

TEST(Health, SaysNotServingWhileADrainWaits) {
  SampleServer server;
  const auto business = server.NewChannel(server.server->grpc_port());
  const auto health = server.NewChannel(server.server->health_port());
  EXPECT_EQ(Health(business, ""), kServing);
  HeldCall held(server, "held");
  server.gate.WaitUntilEntered("held");
  std::thread drain([&] { server.server->Drain(); });
  EXPECT_EQ((held.Cancel(), held.Wait().status.error_code()), grpc::StatusCode::CANCELLED);
  int seen = kServing;
  while (seen == kServing) seen = Health(health, "");
  EXPECT_NE(seen, kServing);
  server.gate.OpenAll();
  drain.join();
}

// A client that watches health holds a stream open for ever.
TEST(Health, WatchedDoesNotHoldUpADrain) {
  SampleServer server({.drain_timeout = absl::Seconds(1)});
  grpc::GenericStub stub(server.NewChannel(server.server->grpc_port()));
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto stream = stub.PrepareCall(&context, "/grpc.health.v1.Health/Watch", &queue);
  void* tag = nullptr;
  bool fine = false;
  const auto next = [&] { return queue.Next(&tag, &fine) && fine; };
  stream->StartCall(nullptr);
  ASSERT_TRUE(next());
  stream->WriteLast(Bytes(""), {}, nullptr);
  ASSERT_TRUE(next());
  grpc::ByteBuffer update;
  stream->Read(&update, nullptr);
  ASSERT_TRUE(next());
  server.server->Drain();
  context.TryCancel();
  grpc::Status status;
  stream->Finish(&status, nullptr);
  queue.Next(&tag, &fine);
  queue.Shutdown();
  while (queue.Next(&tag, &fine)) {
  }
}

TEST(Reflection, ListsTheServices) {
  SampleServer server;
  grpc::GenericStub stub(server.channel());
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto stream = stub.PrepareCall(
      &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  void* tag = nullptr;
  bool fine = false;
  const auto next = [&] { return queue.Next(&tag, &fine) && fine; };
  stream->StartCall(nullptr);
  ASSERT_TRUE(next());
  stream->Write(Bytes(std::string("\x3a\x00", 2)), nullptr);  // list_services = 7
  ASSERT_TRUE(next());
  grpc::ByteBuffer answer;
  stream->Read(&answer, nullptr);
  ASSERT_TRUE(next());
  EXPECT_THAT(Flat(answer), HasSubstr("ieum.sample.v1.SampleService"));
  stream->WritesDone(nullptr);
  queue.Next(&tag, &fine);
  grpc::Status status;
  stream->Finish(&status, nullptr);
  queue.Next(&tag, &fine);
  EXPECT_TRUE(status.ok()) << status.error_message();
  queue.Shutdown();
  while (queue.Next(&tag, &fine)) {
  }
}

}  // namespace
}  // namespace ieum::rpc
