#include "tools/journal/recorded_peer.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/impl/client_unary_call.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/rpc/canonical.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/peer_channel.h"

namespace ieum::journal {
namespace {

using google::protobuf::Message;
using google::protobuf::MessageLite;

grpc::ChannelArguments ChannelArguments() {
  grpc::ChannelArguments arguments = rpc::PeerChannelArguments();
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return arguments;
}

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

// gRPC 1.51 lets an answer through whose initial metadata it gave up at the call's deadline, a
// moment before the rest came. A write that was heard like that was not heard whole: its outcome
// counts as unknown. One without metadata before its deadline stays what it is, for the auditor to
// see.
grpc::Status AsHeard(const grpc::Status& status, const grpc::ClientContext& context, bool write) {
  if (!status.ok() || !write || !context.GetServerInitialMetadata().empty() ||
      std::chrono::system_clock::now() < context.deadline()) {
    return status;
  }
  return {grpc::StatusCode::DEADLINE_EXCEEDED, "the answer came at the deadline, not whole"};
}

// Message and details as text: whatever a caller could read.
std::string TextOf(const grpc::Status& status) {
  if (status.ok()) return "";
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

std::string RequestHash(const std::string& method, const Message& request) {
  const std::string hash = crypto::Hash(absl::StrCat(method, "\n", rpc::CanonicalBytes(request)));
  return absl::BytesToHexString(hash);
}

struct RecordedPeer::Impl {
  const RecordedPeerOptions options;
  Writer* const writer;
  const std::shared_ptr<grpc::Channel> channel;
};

RecordedPeer::RecordedPeer(RecordedPeerOptions options, Writer* writer) {
  auto channel = grpc::CreateCustomChannel(options.address, grpc::InsecureChannelCredentials(),
                                           ChannelArguments());
  impl_ = std::make_unique<Impl>(Impl{std::move(options), writer, std::move(channel)});
}
RecordedPeer::~RecordedPeer() = default;

Reply RecordedPeer::Call(const std::string& method, const Message& request, Message* response,
                         const Known& known, absl::Duration timeout) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  context.AddMetadata("authorization", absl::StrCat("Bearer ", impl_->options.token));
  Attempt attempt;
  attempt.client = impl_->options.client;
  attempt.service = impl_->options.service;
  attempt.method = method;
  attempt.request_id = RequestIdOf(request);
  attempt.body_hash = RequestHash(method, request);
  attempt.aggregate = known.aggregate;
  attempt.scope = impl_->options.scope;
  attempt.events = known.events;
  const bool write = !attempt.request_id.empty();
  const std::string id = impl_->writer->Begin(std::move(attempt));
  const grpc::internal::RpcMethod rpc(method.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status answered =
      grpc::internal::BlockingUnaryCall<Message, Message, MessageLite, MessageLite>(
          impl_->channel.get(), rpc, &context, request, response);
  const grpc::Status status = AsHeard(answered, context, write);
  Reply reply{rpc::FromGrpc(status), InitialMetadata(context, "ieum-etag"),
              InitialMetadata(context, "ieum-position")};
  impl_->writer->End({.attempt = id,
                      .code = std::string(rpc::CodeWord(status.error_code())),
                      .reason = base::ReasonOf(reply.status),
                      .text = TextOf(status),
                      .etag = reply.etag,
                      .position = reply.position});
  return reply;
}

}  // namespace ieum::journal
