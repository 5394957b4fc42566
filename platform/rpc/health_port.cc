#include "platform/rpc/health_port.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"
#include "platform/rpc/connection_limits.h"

namespace ieum::rpc {

HealthPort::HealthPort() = default;

HealthPort::~HealthPort() { Close(); }

absl::Status HealthPort::Open(const std::string& listen, int port) {
  grpc::EnableDefaultHealthCheckService(true);
  const std::string address = absl::StrCat(listen, ":", port);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port_);
  SetConnectionLimits(&builder);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port_ == 0) return CannotListen(address, "health", "IEUM_HEALTH_PORT");
  SetServing({}, false);
  return absl::OkStatus();
}

void HealthPort::SetServing(const std::vector<std::string>& services, bool serving) {
  if (open()) SetHealthOf(*server_, services, serving);
}

void HealthPort::Close() {
  if (open()) server_->Shutdown(absl::ToChronoTime(absl::Now()));
}

void SetHealthOf(grpc::Server& server, const std::vector<std::string>& services, bool serving) {
  grpc::HealthCheckServiceInterface* health = server.GetHealthCheckService();
  health->SetServingStatus("liveness", true);
  health->SetServingStatus("readiness", serving);
  health->SetServingStatus("", serving);
  for (const std::string& service : services) health->SetServingStatus(service, serving);
}

absl::Status CannotListen(const std::string& address, const char* what_for, const char* variable) {
  return absl::UnavailableError(absl::StrCat("cannot listen on ", address, " for ", what_for,
                                             "; it is in use or not ours; set ", variable));
}

}  // namespace ieum::rpc
