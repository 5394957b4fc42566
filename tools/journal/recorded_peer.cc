#include "tools/journal/recorded_peer.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/impl/client_unary_call.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/rpc/canonical.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/peer.h"
#include "platform/rpc/peer_channel.h"

namespace ieum::journal {
namespace {

using google::protobuf::Message;
using google::protobuf::MessageLite;

// One attempt is one call: nothing is sent twice behind the journal's back. Retries are not
// switched off for that, they only have no policy: the client of gRPC 1.51 without the code for
// retries lets an answer through whose initial metadata it lost at the call's deadline (tests/abuse
// shows it).
constexpr char kServiceConfig[] = R"({
  "loadBalancingConfig": [{"round_robin": {}}],
  "healthCheckConfig": {"serviceName": "readiness"}
})";

grpc::ChannelArguments ChannelArguments() {
  grpc::ChannelArguments arguments = rpc::PeerChannelArguments();
  arguments.SetServiceConfigJSON(kServiceConfig);
  return arguments;
}

// Cancels a call that is not answered in time; not at all without a time.
class Canceller {
 public:
  Canceller(grpc::ClientContext& context, std::optional<absl::Duration> after) {
    if (!after) return;
    thread_ = std::thread([this, &context, time = absl::ToChronoNanoseconds(*after)] {
      std::unique_lock<std::mutex> lock(mutex_);
      if (!answered_.wait_for(lock, time, [this] { return done_; })) context.TryCancel();
    });
  }
  ~Canceller() {
    if (!thread_.joinable()) return;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      done_ = true;
    }
    answered_.notify_one();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable answered_;
  bool done_ = false;
  std::thread thread_;
};

std::string RequestIdOf(const Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr || field->is_repeated() ||
      field->type() != google::protobuf::FieldDescriptor::TYPE_STRING) {
    return "";
  }
  return request.GetReflection()->GetString(request, field);
}

std::string InitialMetadata(const grpc::ClientContext& context, const char* key) {
  const auto& metadata = context.GetServerInitialMetadata();
  const auto found = metadata.find(key);
  if (found == metadata.end()) return "";
  return std::string(found->second.data(), found->second.size());
}

std::string TextOf(const Message& response) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  return printer.PrintToString(response, &text) ? text : "";
}

// Message and details as text: whatever a caller could read.
std::string TextOf(const grpc::Status& status) {
  std::string text = status.error_message();
  google::rpc::Status wire;
  if (wire.ParseFromString(status.error_details())) {
    for (const auto& detail : wire.details()) {
      absl::StrAppend(&text, "\n", detail.Utf8DebugString());
    }
  }
  return text;
}

}  // namespace

std::string RequestHash(const std::string& method, const Message& request,
                        const std::string& subject) {
  const std::string hash =
      crypto::Hash(absl::StrCat(method, "\n", subject, "\n", rpc::CanonicalBytes(request)));
  return absl::BytesToHexString(hash);
}

struct RecordedPeer::Impl {
  const RecordedPeerOptions options;
  Writer* const writer;
  const std::shared_ptr<grpc::Channel> channel;
};

RecordedPeer::RecordedPeer(RecordedPeerOptions options, Writer* writer) {
  auto channel = grpc::CreateCustomChannel(options.address, rpc::PeerCredentials(options.service),
                                           ChannelArguments());
  impl_ = std::make_unique<Impl>(Impl{std::move(options), writer, std::move(channel)});
}
RecordedPeer::~RecordedPeer() = default;

Reply RecordedPeer::Call(const std::string& method, const Message& request, Message* response,
                         const Known& known, absl::Duration timeout,
                         std::optional<absl::Duration> cancel_after) {
  rpc::AwaitConnection(*impl_->channel, rpc::kCallerPatience, absl::Now() + timeout);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  context.AddMetadata("authorization", absl::StrCat("Bearer ", impl_->options.token));
  Attempt attempt;
  attempt.client = impl_->options.client;
  attempt.service = impl_->options.service;
  attempt.method = method;
  attempt.request_id = RequestIdOf(request);
  attempt.body_hash = RequestHash(method, request, impl_->options.subject);
  attempt.aggregate = known.aggregate;
  attempt.scope = impl_->options.scope;
  attempt.events = known.events;
  const std::string id = impl_->writer->Begin(std::move(attempt));
  const grpc::internal::RpcMethod rpc(method.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status status = [&] {
    const Canceller canceller(context, cancel_after);
    return grpc::internal::BlockingUnaryCall<Message, Message, MessageLite, MessageLite>(
        impl_->channel.get(), rpc, &context, request, response);
  }();
  std::string text;
  if (!status.ok()) {
    text = TextOf(status);
  } else if (!impl_->options.scope.empty()) {
    text = TextOf(*response);
  }
  Reply reply{rpc::FromGrpc(status), InitialMetadata(context, "ieum-etag"),
              InitialMetadata(context, "ieum-position")};
  impl_->writer->End({.attempt = id,
                      .code = std::string(rpc::CodeWord(status.error_code())),
                      .reason = base::ReasonOf(reply.status),
                      .text = text,
                      .etag = reply.etag,
                      .position = reply.position});
  return reply;
}

}  // namespace ieum::journal
