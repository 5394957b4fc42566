// One call on its way through the wrapper: admitted on a gRPC thread, executed on the executor,
// finished exactly once by whoever comes first: handler, deadline, cancellation, drain. Inside of
// platform/rpc.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "grpcpp/alarm.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "platform/rpc/authenticator.h"
#include "platform/rpc/call_context.h"
#include "platform/rpc/disclosure.h"
#include "platform/rpc/executor.h"
#include "platform/rpc/method_metrics.h"
#include "platform/rpc/recorded_access.h"
#include "platform/rpc/router.h"
#include "platform/rpc/server.h"
#include "platform/rpc/tls.h"
#include "platform/rpc/validation.h"

namespace ieum::rpc {

// What all calls of a server share.
struct ServerCore {
  ServerCore(ServerOptions with, Authenticator known, Roles permitted, telemetry::Metrics& to);

  const ServerOptions options;
  const Authenticator authenticator;
  const Roles roles;
  const std::shared_ptr<const Tls> tls = TlsInUse();  // null: plaintext
  Validator validator;
  telemetry::Metrics& metrics;
  prometheus::Counter& missing_deadlines;
  prometheus::Counter& refused_by_queue;
  prometheus::Gauge& waiting;
  prometheus::Counter& strangers_left_out;
  prometheus::Counter& refusals_left_out;
  RefusalAllowance refusals;
  // Set once all of the above and every method are as they stay; each call looks at it first. (What
  // gRPC does between its threads would do, but no tool can see it.)
  std::atomic<bool> prepared = false;
  std::atomic<bool> draining = false;
  Executor executor;  // last: its threads use all of the above
};

// What all calls of a method share.
struct ServedMethod {
  ServedMethod(ServerCore& of, std::string at, const Route& route_to);

  ServerCore& core;
  const std::string path;  // "/ieum.registry.v1.OrganizationService/GetOrganization"
  const Route& route;
  MethodMetrics metrics;
  const google::protobuf::Message* request_prototype;
};

class UnaryCall final : public grpc::ServerUnaryReactor,
                        public Executor::Task,
                        public std::enable_shared_from_this<UnaryCall> {
 public:
  // Admits the call or refuses it. Never blocks.
  static grpc::ServerUnaryReactor* Begin(ServedMethod& method, grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response);

  UnaryCall(ServedMethod& method, grpc::CallbackServerContext* context,
            const grpc::ByteBuffer& request, grpc::ByteBuffer* response);

  void Run() override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void Admit();
  void ReadTrace();
  absl::Status SetDeadline();
  absl::Status Identify();
  std::string CallingService() const;
  absl::Status CheckPermission();
  bool Enqueue();
  void LeaveQueue();
  void StopAtDeadline();
  absl::Status Read(google::protobuf::Message* request);
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Handle(
      const google::protobuf::Message& request);
  absl::Status WhyCancelled() const;

  bool Discloses() const { return method_.route.disclosure != nullptr; }
  void ReadAsked();
  void RefuseAdmission(const absl::Status& status);
  void RefuseUnasked(const google::protobuf::Message* request, const absl::Status& status);
  void RecordAndAnswer(const google::protobuf::Message* request, const absl::Status& status,
                       const google::protobuf::Message* answer);
  void Answer(const absl::Status& status, const grpc::ByteBuffer& answer);
  void Refuse(const absl::Status& status);
  void Report(const absl::Status& status, grpc::StatusCode code) const;
  void RecordSpan(grpc::StatusCode code) const;

  ServedMethod& method_;
  ServerCore& core_;
  grpc::CallbackServerContext* context_;  // until finished_
  grpc::ByteBuffer request_;
  grpc::ByteBuffer* response_;  // until finished_
  const absl::Time started_;
  CallContext call_;
  std::string callers_span_;          // while traced; empty = the trace begins here
  std::optional<grpc::Alarm> alarm_;  // when the deadline is ours and not the caller's
  Asked asked_;                       // of a method that discloses
  std::atomic<bool> finished_ = false;
  std::shared_ptr<UnaryCall> self_;  // until OnDone
};

}  // namespace ieum::rpc
