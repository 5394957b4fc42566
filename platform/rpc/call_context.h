// The Call of the gRPC server. It owns all it knows, so that a handler may go on using it when the
// caller has already been told that the time is up.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "platform/rpc/call.h"
#include "platform/rpc/roles.h"
#include "platform/telemetry/trace.h"

namespace ieum::rpc {

// Until it is handed to a handler, filled by the server; then used by the handler's thread only.
class CallContext final : public Call {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  CallContext(const google::protobuf::MethodDescriptor& method, const std::string& path,
              const Roles& roles)
      : descriptor_(method), path_(path), roles_(roles) {}

  const std::string& method() const override { return path_; }
  const Identity& identity() const override { return identity_; }
  const Scope& scope() const override { return scope_; }
  Scope ScopeOf(std::string_view permission) const override {
    return roles_.ScopeOf(identity_.grants, permission);
  }
  Scope ScopeWith(const std::vector<std::string_view>& also) const override;
  absl::Time deadline() const override { return deadline_; }
  bool Korean() const override { return korean_; }
  const std::string& traceparent() const override { return traceparent_; }
  absl::StatusOr<ledger::Answer> Write(ledger::Ledger& ledger,
                                       const google::protobuf::Message& request,
                                       ledger::Ledger::UseCase use_case) override;

  void set_identity(Identity identity) { identity_ = std::move(identity); }
  void set_scope(Scope scope) { scope_ = std::move(scope); }
  void set_deadline(absl::Time deadline) { deadline_ = deadline; }
  void set_korean(bool korean) { korean_ = korean; }
  void set_trace(const telemetry::TraceContext& trace) {
    trace_ = trace;
    traceparent_ = trace.Header();
  }
  const telemetry::TraceContext& trace() const { return trace_; }
  // Initial metadata of the answer.
  const Headers& headers() const { return headers_; }

 private:
  absl::StatusOr<ledger::Command> CommandOf(const google::protobuf::Message& request) const;
  void SetHeaders(const ledger::Ledger& ledger, const ledger::Answer& answer);

  const google::protobuf::MethodDescriptor& descriptor_;
  const std::string& path_;
  const Roles& roles_;
  Identity identity_;
  Scope scope_;
  absl::Time deadline_ = absl::InfiniteFuture();
  bool korean_ = false;
  telemetry::TraceContext trace_;
  std::string traceparent_;
  Headers headers_;
};

}  // namespace ieum::rpc
