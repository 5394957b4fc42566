#include "platform/rpc/server.h"

#include <sys/resource.h>

#include <condition_variable>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/rpc/connection_limits.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/health_port.h"
#include "platform/rpc/unary_call.h"
#include "platform/telemetry/log.h"

namespace ieum::rpc {
namespace {

// A proto service whose methods all lead into the wrapper.
class RoutedService final : public grpc::Service {
 public:
  void Add(ServedMethod* method) {
    AddMethod(new grpc::internal::RpcServiceMethod(method->path.c_str(),
                                                   grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
    MarkMethodRawCallback(
        count_++, new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                      [method](grpc::CallbackServerContext* context,
                               const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
                        return UnaryCall::Begin(*method, context, request, response);
                      }));
  }

 private:
  int count_ = 0;
};

class Refusal final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Refusal(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

// What no service has. Everything else about such a call stays unread.
class UnknownMethods final : public grpc::CallbackGenericService {
 public:
  UnknownMethods(std::string service, telemetry::Metrics& metrics)
      : service_(std::move(service)), metrics_(metrics, "_OTHER") {}

 private:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    metrics_.Record(grpc::StatusCode::UNIMPLEMENTED, absl::ZeroDuration());
    const absl::Status status =
        base::Error(absl::StatusCode::kUnimplemented, platform::v1::ERROR_REASON_UNIMPLEMENTED,
                    "there is no such method");
    return new Refusal(ToGrpc(status, service_, ""));
  }

  const std::string service_;
  MethodMetrics metrics_;
};

// When accept() fails once for want of a descriptor, gRPC 1.51 closes the listener for good
// (CVE-2023-4785): so there are as many as the process may have.
void TakeAllDescriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) telemetry::Warn("descriptors stay as few as they are");
}

constexpr size_t kGrpcWordsMax = 200;  // enough to know what it is about

void TakeGrpcWords(gpr_log_func_args* words) {
  const std::string_view file(words->file), message(words->message);
  telemetry::Warn("gRPC says", {{"grpc_severity", gpr_log_severity_string(words->severity)},
                                {"grpc_file", file.substr(file.rfind('/') + 1)},
                                {"grpc_line", words->line},
                                {"grpc_words", message.substr(0, kGrpcWordsMax)}});
}

}  // namespace

void RouteGrpcLog() { gpr_set_log_function(TakeGrpcWords); }

struct Server::Impl {
  Impl(ServerOptions options, const Router& to, Authenticator authenticator, Roles roles,
       telemetry::Metrics& metrics)
      : router(to),
        core(std::move(options), std::move(authenticator), std::move(roles), metrics),
        unknown(core.options.service, metrics) {}

  absl::Status CheckAccessLog() const;
  absl::Status StartBusiness();
  absl::Status StartHealth();
  void SetHealth(bool serving);
  void Drain();

  const Router& router;
  ServerCore core;
  UnknownMethods unknown;
  std::vector<std::unique_ptr<ServedMethod>> methods;
  std::vector<std::unique_ptr<RoutedService>> services;
  std::unique_ptr<grpc::Server> business;
  HealthPort own_health;
  HealthPort* health = &own_health;
  int grpc_port = 0;
  std::once_flag drained;
};

absl::Status Server::Impl::CheckAccessLog() const {
  if (core.options.access_log != nullptr) return absl::OkStatus();
  for (const auto& [path, route] : router.routes()) {
    if (route.disclosure == nullptr) continue;
    return absl::FailedPreconditionError(
        absl::StrCat(path, " discloses personal data and there is no access log"));
  }
  return absl::OkStatus();
}

absl::Status Server::Impl::StartBusiness() {
  for (const auto* service : router.services()) {
    services.push_back(std::make_unique<RoutedService>());
    for (int at = 0; at < service->method_count(); ++at) {
      const std::string path =
          absl::StrCat("/", service->full_name(), "/", service->method(at)->name());
      methods.push_back(std::make_unique<ServedMethod>(core, path, router.routes().at(path)));
      RETURN_IF_ERROR(core.validator.Learn(service->method(at)->input_type()));
      services.back()->Add(methods.back().get());
    }
  }
  const std::string address = absl::StrCat(core.options.listen, ":", core.options.grpc_port);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(
      address, core.tls == nullptr ? grpc::InsecureServerCredentials() : core.tls->ForServer(),
      &grpc_port);
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  SetConnectionLimits(&builder);
  grpc::ResourceQuota quota("ieum");
  builder.SetResourceQuota(quota.Resize(kResourceQuotaBytes).SetMaxThreads(kMaxReflectionThreads));
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  for (const auto& service : services) builder.RegisterService(service.get());
  builder.RegisterCallbackGenericService(&unknown);
  core.prepared.store(true, std::memory_order_release);
  business = builder.BuildAndStart();
  if (business != nullptr && grpc_port != 0) return absl::OkStatus();
  return CannotListen(address, "business calls", "IEUM_GRPC_PORT");
}

absl::Status Server::Impl::StartHealth() {
  if (core.options.health != nullptr) health = core.options.health;
  return health->open() ? absl::OkStatus()
                        : health->Open(core.options.listen, core.options.health_port);
}

void Server::Impl::SetHealth(bool serving) {
  std::vector<std::string> names;
  for (const auto* known : router.services()) names.push_back(known->full_name());
  if (business != nullptr) SetHealthOf(*business, names, serving);
  health->SetServing(names, serving);
}

void Server::Impl::Drain() {
  if (business != nullptr && health->open()) {
    SetHealth(false);
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable never;
    const absl::Time until = absl::Now() + core.options.health_grace;
    while (absl::Now() < until) never.wait_until(lock, absl::ToChronoTime(until));
  }
  core.draining = true;
  if (business != nullptr) {
    business->Shutdown(absl::ToChronoTime(absl::Now() + core.options.drain_timeout));
  }
  core.executor.Drain();
  health->Close();
}

Server::Server(ServerOptions options, const Router& router, Authenticator authenticator,
               Roles roles, telemetry::Metrics& metrics)
    : impl_(std::make_unique<Impl>(std::move(options), router, std::move(authenticator),
                                   std::move(roles), metrics)) {}

Server::~Server() { Drain(); }

absl::Status Server::Start() {
  RETURN_IF_ERROR(impl_->router.Check());
  RETURN_IF_ERROR(impl_->CheckAccessLog());
  TakeAllDescriptors();
  // What callers send is answered to them; the parser's own complaints are noise.
  google::protobuf::SetLogHandler(nullptr);
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  RETURN_IF_ERROR(impl_->StartBusiness());
  RETURN_IF_ERROR(impl_->StartHealth());
  impl_->SetHealth(false);
  return absl::OkStatus();
}

int Server::grpc_port() const { return impl_->grpc_port; }
int Server::health_port() const { return impl_->health->port(); }
void Server::SetServing(bool serving) { impl_->SetHealth(serving); }
void Server::Drain() {
  std::call_once(impl_->drained, [this] { impl_->Drain(); });
}

}  // namespace ieum::rpc
