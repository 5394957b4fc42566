#include "platform/rpc/peer.h"

#include "absl/strings/str_cat.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/impl/client_unary_call.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"
#include "platform/rpc/deadline_scope.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/peer_channel.h"
#include "platform/rpc/recorded_access.h"
#include "platform/telemetry/metrics.h"
#include "platform/telemetry/span.h"
#include "platform/telemetry/trace.h"

namespace ieum::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageLite;

// A mutation is sent again only because it carries an id; one without gets one here, so that every
// attempt of this call is the same command. Null when the request is fine as it is.
std::unique_ptr<Message> WithRequestId(const Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr || field->type() != FieldDescriptor::TYPE_STRING || field->is_repeated() ||
      !request.GetReflection()->GetString(request, field).empty()) {
    return nullptr;
  }
  std::unique_ptr<Message> copy(request.New());
  copy->CopyFrom(request);
  copy->GetReflection()->SetString(copy.get(), field, base::Uuid::NewV7().ToString());
  return copy;
}

// Empty where no trace has begun: then whoever is called decides whether one does.
std::string Traceparent(const telemetry::Span& span) {
  if (span.recording()) return span.context().Header();
  const telemetry::TraceContext& current = telemetry::CurrentTrace();
  return current.trace_id.empty() ? "" : current.Child().Header();
}

// We never cancel, so it was a server that stopped between accepting the stream and the call.
grpc::Status ServerStopped() {
  return {grpc::StatusCode::UNAVAILABLE, "the server stopped before it took the call"};
}

}  // namespace

struct Peer::Impl {
  explicit Impl(PeerOptions with)
      : options(std::move(with)),
        channel(grpc::CreateCustomChannel(options.address, PeerCredentials(options.service),
                                          PeerChannelArguments())) {}

  void Record(const std::string& method, grpc::StatusCode code, absl::Duration duration) const {
    if (options.metrics == nullptr) return;
    telemetry::Labels labels = {{"rpc_system_name", "grpc"},
                                {"rpc_method", method.substr(1)},
                                {"rpc_status_code", std::string(CodeWord(code))},
                                {"server_address", options.service}};
    if (code != grpc::StatusCode::OK) labels["error_type"] = std::string(CodeWord(code));
    options.metrics
        ->Seconds("rpc_client_call_duration_seconds", "Calls made, by method and status code",
                  labels)
        .Observe(absl::ToDoubleSeconds(duration));
  }

  const PeerOptions options;
  const std::shared_ptr<grpc::Channel> channel;
};

Peer::Peer(PeerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Peer::~Peer() = default;

absl::Status Peer::Call(const std::string& method, const Message& request, Message* response,
                        absl::Duration timeout) {
  const absl::Time started = absl::Now();
  const absl::Time deadline = std::min(started + timeout, CurrentDeadline());
  AwaitConnection(*impl_->channel, impl_->options.patience, deadline);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  if (!impl_->options.token.empty()) {  // else our certificate says who we are
    context.AddMetadata("authorization", absl::StrCat("Bearer ", impl_->options.token));
  }
  if (!impl_->options.reason.empty()) context.AddMetadata(kReasonKey, impl_->options.reason);
  telemetry::Span span(std::string_view(method).substr(1), telemetry::SpanKind::kClient,
                       telemetry::CurrentTrace());
  if (const std::string trace = Traceparent(span); !trace.empty()) {
    context.AddMetadata("traceparent", trace);
  }
  const std::unique_ptr<Message> with_id = WithRequestId(request);
  const grpc::internal::RpcMethod rpc(method.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status status =
      grpc::internal::BlockingUnaryCall<Message, Message, MessageLite, MessageLite>(
          impl_->channel.get(), rpc, &context, with_id ? *with_id : request, response);
  impl_->Record(method, status.error_code(), absl::Now() - started);
  span.Set("rpc.system.name", "grpc");
  span.Set("rpc.method", std::string_view(method).substr(1));
  span.Set("rpc.response.status_code", CodeWord(status.error_code()));
  span.Set("server.address", impl_->options.service);
  if (!status.ok()) span.Fail(CodeWord(status.error_code()));
  return FromGrpc(status.error_code() == grpc::StatusCode::CANCELLED ? ServerStopped() : status);
}

}  // namespace ieum::rpc
