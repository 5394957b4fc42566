#include "platform/rpc/unary_call.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_writer.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/access_log/access_log.h"
#include "platform/base/failpoint.h"
#include "platform/base/status.h"
#include "platform/rpc/deadline_scope.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/request_reader.h"
#include "platform/telemetry/log.h"
#include "platform/telemetry/span.h"

namespace ieum::rpc {
namespace {

using google::protobuf::Message;
using Answered = absl::StatusOr<std::unique_ptr<Message>>;

absl::Status TimeIsUp() {
  return base::Error(absl::StatusCode::kDeadlineExceeded,
                     platform::v1::ERROR_REASON_DEADLINE_EXCEEDED,
                     "the time given ran out; a write may have happened, so repeat it with the "
                     "same request_id");
}

// The only value of a metadata key; empty when there is none or more than one.
std::string OnlyMetadata(const grpc::CallbackServerContext& context, const char* key) {
  const auto [first, last] = context.client_metadata().equal_range(key);
  if (first == last || std::next(first) != last) return "";
  return std::string(first->second.data(), first->second.size());
}

// How long the caller should wait, when the refusal says so.
std::optional<int64_t> RetryMilliseconds(const absl::Status& status) {
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.RetryInfo");
  google::rpc::RetryInfo retry;
  if (!payload || !retry.ParseFromString(std::string(*payload))) return std::nullopt;
  return retry.retry_delay().seconds() * 1000 + retry.retry_delay().nanos() / 1'000'000;
}

grpc::ByteBuffer Serialised(const Message& message) {
  grpc::ByteBuffer bytes;
  bool own = false;
  grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::MessageLite>(message, &bytes,
                                                                                 &own);
  return bytes;
}

std::string FirstLine(absl::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

// Refusals that are the caller's doing are no faults of this side.
bool IsFault(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::UNIMPLEMENTED:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DATA_LOSS:
      return true;
    default:
      return false;
  }
}

}  // namespace

ServerCore::ServerCore(ServerOptions with, Authenticator known, Roles permitted,
                       telemetry::Metrics& to)
    : options(std::move(with)),
      authenticator(std::move(known)),
      roles(std::move(permitted)),
      metrics(to),
      missing_deadlines(
          to.Counter("rpc_server_missing_deadlines_total", "Calls whose caller set no deadline")),
      refused_by_queue(to.Counter("rpc_server_overload_refusals_total",
                                  "Calls refused because the queue was full")),
      waiting(to.Gauge("rpc_server_waiting_calls", "Calls that wait for a thread")),
      strangers_left_out(to.Counter("ieum_access_log_strangers_left_out_total",
                                    "Refusals of callers without a known token that were not "
                                    "written down, because there were too many")),
      refusals_left_out(to.Counter("ieum_access_log_refusals_left_out_total",
                                   "Refusals of known callers that were not written down, because "
                                   "there were too many")),
      executor(options.threads, static_cast<size_t>(options.queue_limit)) {}

ServedMethod::ServedMethod(ServerCore& of, std::string at, const Route& route_to)
    : core(of),
      path(std::move(at)),
      route(route_to),
      metrics(of.metrics, path.substr(1)),
      request_prototype(google::protobuf::MessageFactory::generated_factory()->GetPrototype(
          route.method->input_type())) {}

grpc::ServerUnaryReactor* UnaryCall::Begin(ServedMethod& method,
                                           grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) {
  (void)method.core.prepared.load(std::memory_order_acquire);
  auto call = std::make_shared<UnaryCall>(method, context, *request, response);
  call->self_ = call;
  call->Admit();
  return call.get();
}

UnaryCall::UnaryCall(ServedMethod& method, grpc::CallbackServerContext* context,
                     const grpc::ByteBuffer& request, grpc::ByteBuffer* response)
    : method_(method),
      core_(method.core),
      context_(context),
      request_(request),
      response_(response),
      started_(absl::Now()),
      call_(*method.route.method, method.path, method.core.roles) {}

void UnaryCall::Admit() {
  ReadTrace();
  call_.set_korean(absl::StartsWithIgnoreCase(OnlyMetadata(*context_, "accept-language"), "ko"));
  if (Discloses()) ReadAsked();
  absl::Status admitted = SetDeadline();
  if (admitted.ok()) admitted = Identify();
  if (admitted.ok()) admitted = CheckPermission();
  if (admitted.ok() && Discloses()) admitted = CheckReason(asked_.reason);
  if (!admitted.ok()) return RefuseAdmission(admitted);
  if (Enqueue()) return;
  core_.refused_by_queue.Increment();
  Refuse(base::Overloaded("there is more to do than can be done; come back a little later",
                          kRetryAfterOverload));
}

bool UnaryCall::Enqueue() {
  core_.waiting.Increment();  // first: the task may run before Submit returns
  const bool taken = core_.executor.Submit(self_);
  if (!taken) core_.waiting.Decrement();
  return taken;
}

void UnaryCall::LeaveQueue() {
  if (core_.executor.Withdraw(*this)) core_.waiting.Decrement();
}

void UnaryCall::ReadTrace() {
  const auto caller = telemetry::TraceContext::Parse(OnlyMetadata(*context_, "traceparent"));
  call_.set_trace(caller ? caller->Child() : telemetry::TraceContext::New());
  if (caller && telemetry::Recorded(call_.trace())) callers_span_ = caller->span_id;
}

absl::Status UnaryCall::SetDeadline() {
  const auto wanted = context_->deadline();
  const absl::Time cap = started_ + core_.options.max_deadline;
  const bool missing = wanted == std::chrono::system_clock::time_point::max();
  if (missing) core_.missing_deadlines.Increment();
  const absl::Time callers = missing ? absl::InfiniteFuture() : absl::FromChrono(wanted);
  call_.set_deadline(std::min(callers, cap));
  if (call_.deadline() <= started_) return TimeIsUp();
  if (callers <= cap) return absl::OkStatus();  // gRPC itself cancels at the caller's deadline
  alarm_.emplace();
  alarm_->Set(absl::ToChronoTime(cap), [weak = weak_from_this()](bool reached) {
    if (const auto call = weak.lock(); call && reached) call->StopAtDeadline();
  });
  return absl::OkStatus();
}

// A service needs no token: its certificate says who it is.
absl::Status UnaryCall::Identify() {
  if (const std::string service = CallingService(); !service.empty()) {
    call_.set_identity(ServiceIdentity(service));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(Identity identity,
                   core_.authenticator.Identify(OnlyMetadata(*context_, "authorization")));
  if (core_.options.grants != nullptr) {
    RETURN_IF_ERROR(core_.options.grants->Complete(&identity));
  }
  call_.set_identity(std::move(identity));
  return absl::OkStatus();
}

// Empty when the connection is no service's, or when the caller presents a token beside: then the
// token counts, whatever it is worth.
std::string UnaryCall::CallingService() const {
  if (core_.tls == nullptr || context_->client_metadata().contains("authorization")) return "";
  const auto ids = context_->auth_context()->FindPropertyValues(GRPC_PEER_SPIFFE_ID_PROPERTY_NAME);
  if (ids.size() != 1) return "";
  return core_.tls->ServiceOf({ids[0].data(), ids[0].size()});
}

absl::Status UnaryCall::CheckPermission() {
  const std::string& permission = method_.route.permission;
  call_.set_scope(call_.ScopeOf(permission));
  const bool suite_wide = method_.route.suite_wide;
  if (!call_.scope().empty() && (!suite_wide || call_.scope().everywhere())) {
    return absl::OkStatus();
  }
  return base::Error(
      absl::StatusCode::kPermissionDenied, platform::v1::ERROR_REASON_PERMISSION_DENIED,
      absl::StrCat("the caller does not hold ", permission, suite_wide ? " for every centre" : ""),
      {{"permission", permission}});
}

void UnaryCall::StopAtDeadline() {
  LeaveQueue();
  Refuse(TimeIsUp());
}

void UnaryCall::OnCancel() {
  LeaveQueue();
  Refuse(WhyCancelled());
}

absl::Status UnaryCall::WhyCancelled() const {
  if (core_.draining) {
    return base::Unavailable("the server stops; repeat the call with the same request_id",
                             kRetryAfterOverload);
  }
  if (absl::Now() >= call_.deadline()) return TimeIsUp();
  return absl::CancelledError("the caller gave up");
}

void UnaryCall::OnDone() {
  const std::shared_ptr<UnaryCall> last = std::move(self_);  // may be the end of this object
}

void UnaryCall::Run() {
  core_.waiting.Decrement();
  if (finished_) return;
  if (absl::Now() >= call_.deadline()) return Refuse(TimeIsUp());
  const telemetry::TraceScope trace(call_.trace());
  const DeadlineScope deadline(call_.deadline());
  const std::unique_ptr<Message> request(method_.request_prototype->New());
  if (const absl::Status read = Read(request.get()); !read.ok()) {
    return RefuseUnasked(request.get(), read);
  }
  const Answered answer = Handle(*request);
  const Message* message = answer.ok() ? answer->get() : nullptr;
  if (Discloses()) return RecordAndAnswer(request.get(), answer.status(), message);
  Answer(answer.status(), message == nullptr ? grpc::ByteBuffer() : Serialised(*message));
}

absl::Status UnaryCall::Read(Message* request) {
  RETURN_IF_ERROR(ReadRequest(request_, request));
  request_.Clear();
  return core_.validator.Check(*request);
}

Answered UnaryCall::Handle(const Message& request) {
  // Handlers do not throw; a library below them may, and one request must not end the process.
  try {
    return method_.route.handler(call_, request);
  } catch (const std::exception& error) {
    return absl::InternalError(error.what());
  }
}

// While the context is there: it goes with the end of the call, and the log may come later.
void UnaryCall::ReadAsked() {
  asked_ = {started_, context_->peer(), OnlyMetadata(*context_, kReasonKey)};
}

// Who is sent away because of who he is leaves a trace, too. On a gRPC thread, so nothing is waited
// for; the request is read only to know whose data was wanted.
void UnaryCall::RefuseAdmission(const absl::Status& status) {
  if (!Discloses() || !(absl::IsUnauthenticated(status) || absl::IsPermissionDenied(status))) {
    return Refuse(status);
  }
  const std::unique_ptr<Message> request(method_.request_prototype->New());
  const bool readable = ReadRequest(request_, request.get()).ok();
  RefuseUnasked(readable ? request.get() : nullptr, status);
}

// Refused before anything was looked up: nobody's data was touched, and it costs the caller so
// little that his refusals are written down as far as they do not stand in others' way.
void UnaryCall::RefuseUnasked(const Message* request, const absl::Status& status) {
  if (!Discloses()) return Refuse(status);
  const std::string& account = call_.identity().subject;
  if (core_.refusals.Take(account, absl::Now())) return RecordAndAnswer(request, status, nullptr);
  (account.empty() ? core_.strangers_left_out : core_.refusals_left_out).Increment();
  Refuse(status);
}

// The answer leaves when the access is written down, and personal data does not leave without. What
// the caller does not hear any more is written down all the same: it was done, or looked up.
void UnaryCall::RecordAndAnswer(const Message* request, const absl::Status& status,
                                const Message* answer) {
  const grpc::ByteBuffer bytes = answer == nullptr ? grpc::ByteBuffer() : Serialised(*answer);
  core_.options.access_log->Append(
      AccessOf(method_.route, call_, core_.roles, asked_, request, status, answer),
      [call = shared_from_this(), status, bytes](const absl::Status& written) {
        const bool gives = status.ok() && !written.ok();
        call->Answer(gives ? written : status, bytes);
      });
}

void UnaryCall::Refuse(const absl::Status& status) { Answer(status, grpc::ByteBuffer()); }

void UnaryCall::Answer(const absl::Status& status, const grpc::ByteBuffer& answer) {
  if (finished_.exchange(true)) return;
  if (alarm_) alarm_->Cancel();
  const grpc::Status wire = ToGrpc(status, core_.options.service, call_.trace().trace_id);
  if (status.ok()) {
    for (const auto& [key, value] : call_.headers()) context_->AddInitialMetadata(key, value);
    *response_ = answer;
  } else if (const auto retry = RetryMilliseconds(status)) {
    context_->AddTrailingMetadata("grpc-retry-pushback-ms", absl::StrCat(*retry));
  }
  Report(status, wire.error_code());
  IEUM_FAILPOINT("answer.before_send");
  Finish(wire);
  IEUM_FAILPOINT("answer.after_send");
}

void UnaryCall::RecordSpan(grpc::StatusCode code) const {
  if (!telemetry::Recorded(call_.trace())) return;
  const std::string_view method = std::string_view(method_.path).substr(1);
  telemetry::Span span(method, telemetry::SpanKind::kServer);
  span.StartAt(started_);
  span.As(call_.trace(), callers_span_);
  span.Set("rpc.system.name", "grpc");
  span.Set("rpc.method", method);
  span.Set("rpc.response.status_code", CodeWord(code));
  if (IsFault(code)) span.Fail(CodeWord(code));
}

void UnaryCall::Report(const absl::Status& status, grpc::StatusCode code) const {
  const telemetry::TraceScope trace(call_.trace());
  RecordSpan(code);
  const absl::Duration duration = absl::Now() - started_;
  method_.metrics.Record(code, duration);
  const std::string reason = base::ReasonOf(status);
  if (code == grpc::StatusCode::INTERNAL) {
    telemetry::Error("call failed", {{"rpc_method", method_.path.substr(1)},
                                     {"error", FirstLine(status.message())}});
  }
  telemetry::Info("call", {{"rpc_method", method_.path.substr(1)},
                           {"rpc_status_code", CodeWord(code)},
                           {"error_type", code == grpc::StatusCode::OK ? "" : CodeWord(code)},
                           {"reason", reason},
                           {"subject", call_.identity().subject},
                           {"duration_ms", absl::ToDoubleMilliseconds(duration)}});
}

}  // namespace ieum::rpc
