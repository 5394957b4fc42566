// Does a client of this gRPC hand out an answer OK without the initial metadata that came with it?
// A server that answers about its caller's deadline, always with metadata, and callers that count.
//
//   ieum-metadata-race [seconds]
//
// It is asked twice: by a client without gRPC's code for retries, and by one that has it (the
// default). The first one loses metadata, the second does not: our clients have it.
#include <grpcpp/alarm.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include "google/protobuf/wrappers.pb.h"

namespace {

using google::protobuf::Message;
using google::protobuf::MessageLite;
using google::protobuf::StringValue;
using std::chrono::microseconds;
using WallClock = std::chrono::system_clock;

constexpr int kCallers = 8;
constexpr char kSay[] = "/race.Echo/Say";
constexpr char kWitness[] = "witness";  // the metadata of every answer

microseconds Random(int low, int high) {
  thread_local std::mt19937 random(std::random_device{}());
  return microseconds(std::uniform_int_distribution<int>(low, high)(random));
}

// Answers between 1.5 ms before and 0.3 ms after the deadline of its caller.
grpc::ServerUnaryReactor* Say(grpc::CallbackServerContext* context, const StringValue* request,
                              StringValue* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  context->AddInitialMetadata(kWitness, "here");
  *response = *request;
  auto* alarm = new grpc::Alarm();
  alarm->Set(context->deadline() + Random(-1500, 300), [reactor, alarm](bool) {
    reactor->Finish(grpc::Status::OK);
    delete alarm;
  });
  return reactor;
}

class Echo final : public grpc::Service {
 public:
  Echo() {
    AddMethod(
        new grpc::internal::RpcServiceMethod(kSay, grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
    MarkMethodCallback(0, new grpc::internal::CallbackUnaryHandler<StringValue, StringValue>(Say));
  }
};

struct Counts {
  std::atomic<long> calls{0}, ok{0}, bare{0}, whole_body{0}, before_deadline{0};
};

void CallOnce(grpc::Channel* channel, Counts& counts) {
  const grpc::internal::RpcMethod method(kSay, grpc::internal::RpcMethod::NORMAL_RPC);
  StringValue request, response;
  request.set_value("all of it");
  grpc::ClientContext context;
  context.set_deadline(WallClock::now() + Random(1000, 4000));
  const grpc::Status status =
      grpc::internal::BlockingUnaryCall<Message, Message, MessageLite, MessageLite>(
          channel, method, &context, request, &response);
  const bool passed = WallClock::now() >= context.deadline();
  ++counts.calls;
  if (!status.ok()) return;
  ++counts.ok;
  if (context.GetServerInitialMetadata().count(kWitness) > 0) return;
  ++counts.bare;
  if (response.value() == request.value()) ++counts.whole_body;
  if (!passed) ++counts.before_deadline;
}

void Ask(const std::string& address, bool retries, std::chrono::seconds time) {
  Counts counts;
  std::vector<std::thread> callers;
  const auto end = WallClock::now() + time;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&] {
      grpc::ChannelArguments arguments;
      arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, retries ? 1 : 0);
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      const auto channel =
          grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
      while (WallClock::now() < end) CallOnce(channel.get(), counts);
    });
  }
  for (std::thread& caller : callers) caller.join();
  std::printf(
      "gRPC %s, retries %s: %ld calls, %ld OK, %ld of them without the metadata sent "
      "(%ld with the whole body, %ld before their deadline)\n",
      grpc::Version().c_str(), retries ? "on" : "off", counts.calls.load(), counts.ok.load(),
      counts.bare.load(), counts.whole_body.load(), counts.before_deadline.load());
}

}  // namespace

int main(int argc, char** argv) {
  const std::chrono::seconds time(argc > 1 ? std::atoi(argv[1]) : 20);
  Echo echo;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&echo);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  const std::string address = "127.0.0.1:" + std::to_string(port);
  Ask(address, /*retries=*/false, time);
  Ask(address, /*retries=*/true, time);
  server->Shutdown(WallClock::now());
}
