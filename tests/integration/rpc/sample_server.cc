#include "tests/integration/rpc/sample_server.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "grpcpp/impl/client_unary_call.h"
#include "platform/base/status.h"
#include "platform/rpc/errors.h"
#include "tests/support/wait.h"

namespace ieum::rpc {
namespace {

constexpr char kTokens[] = R"([
  {"token": "all", "subject": "staff/all", "roles": ["all"], "centres": ["*"]},
  {"token": "reader", "subject": "staff/reader", "roles": ["reader"]},
  {"token": "nobody", "subject": "staff/nobody", "roles": []}])";

constexpr char kRoles[] = R"({"roles": {
  "all": ["sample.*", "platform.*"], "reader": ["sample.things.list"]}})";

std::multimap<std::string, std::string> Copied(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  std::multimap<std::string, std::string> copy;
  for (const auto& [key, value] : metadata) {
    copy.emplace(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
  }
  return copy;
}

}  // namespace

absl::Status Gate::Enter(const std::string& word) {
  std::unique_lock lock(mutex_);
  entered_.insert(word);
  changed_.notify_all();
  changed_.wait(lock, [&] { return all_ || open_.contains(word); });
  return absl::OkStatus();
}

void Gate::WaitUntilEntered(const std::string& word) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return entered_.contains(word); });
}

bool Gate::Entered(const std::string& word) {
  std::lock_guard lock(mutex_);
  return entered_.contains(word);
}

void Gate::Open(const std::string& word) {
  std::lock_guard lock(mutex_);
  open_.insert(word);
  changed_.notify_all();
}

void Gate::OpenAll() {
  std::lock_guard lock(mutex_);
  all_ = true;
  changed_.notify_all();
}

std::string Result::Header(const std::string& key) const {
  const auto found = initial.find(key);
  return found == initial.end() ? "" : found->second;
}

testing::TestDatabase& SharedDatabase() {
  static testing::TestDatabase database(ThingMigrations());
  return database;
}

SampleServer::SampleServer(ServerOptions options, testing::TestDatabase& database)
    : test_database(database) {
  options.service = "sample";
  door.on_hold = [this](rpc::Call&, const std::string& word) { return gate.Enter(word); };
  door.Serve(router);
  server.emplace(std::move(options), router, Authenticator::FromTokens(kTokens).value(),
                 Roles::FromJson(kRoles).value(), metrics);
  const absl::Status started = server->Start();
  EXPECT_TRUE(started.ok()) << started;
  server->SetServing(true);
  channel_ = NewChannel(server->grpc_port());
  stub_ = sample::v1::SampleService::NewStub(channel_);
}

SampleServer::~SampleServer() {
  gate.OpenAll();
  server.reset();
}

std::shared_ptr<grpc::Channel> SampleServer::NewChannel(int port) const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port),
                                   grpc::InsecureChannelCredentials(), arguments);
}

void SampleServer::Prepare(grpc::ClientContext* context, const std::string& token,
                           absl::Duration timeout) {
  if (timeout != absl::InfiniteDuration()) {
    context->set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  }
  if (!token.empty()) context->AddMetadata("authorization", absl::StrCat("Bearer ", token));
}

Result SampleServer::Finished(const grpc::Status& status, const grpc::ClientContext& context) {
  const absl::Status back = FromGrpc(status);
  return {status, base::ReasonOf(back), base::FieldsOf(back),
          Copied(context.GetServerInitialMetadata()), Copied(context.GetServerTrailingMetadata())};
}

Result SampleServer::Hold(const std::string& word, absl::Duration timeout) {
  sample::v1::HoldThingRequest request;
  request.set_word(word);
  sample::v1::HoldThingResponse response;
  return Call(&Stub::HoldThing, request, &response, "all", timeout);
}

Result SampleServer::Raw(const std::string& method, const std::string& bytes, std::string* answer) {
  grpc::ClientContext context;
  Prepare(&context, "all", absl::Seconds(20));
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  const grpc::internal::RpcMethod rpc(method.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      channel_.get(), rpc, &context, request, &response);
  std::vector<grpc::Slice> slices;
  if (answer != nullptr && status.ok() && response.Dump(&slices).ok()) {
    for (const grpc::Slice& part : slices) {
      answer->append(reinterpret_cast<const char*>(part.begin()), part.size());
    }
  }
  return Finished(status, context);
}

HeldCall::HeldCall(SampleServer& server, const std::string& word, absl::Duration timeout) {
  SampleServer::Prepare(&context_, "all", timeout);
  thread_ = std::thread([this, &server, word] {
    sample::v1::HoldThingRequest request;
    request.set_word(word);
    sample::v1::HoldThingResponse response;
    const grpc::Status status = server.stub().HoldThing(&context_, request, &response);
    result_ = SampleServer::Finished(status, context_);
  });
}

HeldCall::~HeldCall() {
  if (thread_.joinable()) thread_.join();
}

const Result& HeldCall::Wait() {
  if (thread_.joinable()) thread_.join();
  return result_;
}

bool Waiting(SampleServer& server, int calls) {
  return testing::WaitFor([&] {
    return server.metrics.Render().find("rpc_server_waiting_calls " + std::to_string(calls) +
                                        "\n") != std::string::npos;
  });
}

sample::v1::CreateThingRequest CreateRequest(const std::string& display_name, int size) {
  sample::v1::CreateThingRequest request;
  request.mutable_thing()->set_display_name(display_name);
  request.mutable_thing()->set_size(size);
  request.mutable_thing()->set_state(sample::v1::THING_STATE_ACTIVE);
  return request;
}

}  // namespace ieum::rpc
