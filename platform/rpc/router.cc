#include "platform/rpc/router.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.pb.h"
#include "ieum/platform/v1/options.pb.h"
#include "platform/base/status.h"
#include "platform/rpc/disclosure.h"
#include "platform/rpc/validation.h"

namespace ieum::rpc {
namespace {

// A door that does not fit its contract: there is nobody to answer to yet.
[[noreturn]] void Abort(const std::string& sentence) {
  std::fprintf(stderr, "router: %s\n", sentence.c_str());
  std::abort();
}

std::string PathOf(const google::protobuf::MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

absl::Status Missing(const google::protobuf::MethodDescriptor& method, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(PathOf(method), " ", what));
}

}  // namespace

ServiceRoutes Router::Service(const std::string& full_name) {
  const auto* service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(full_name);
  if (service == nullptr) Abort(absl::StrCat("no service ", full_name, " is linked in"));
  for (const auto* known : services_) {
    if (known == service) Abort(absl::StrCat(full_name, " is opened twice"));
  }
  services_.push_back(service);
  return ServiceRoutes(*this, service);
}

absl::Status Router::Check() const {
  Validator validator;
  for (const auto* service : services_) {
    for (int at = 0; at < service->method_count(); ++at) {
      const auto& method = *service->method(at);
      const auto route = routes_.find(PathOf(method));
      if (route == routes_.end()) return Missing(method, "has no handler");
      if (route->second.permission.empty()) return Missing(method, "has no permission option");
      RETURN_IF_ERROR(validator.Learn(method.input_type()));
    }
  }
  return absl::OkStatus();
}

void ServiceRoutes::Add(const std::string& method, const google::protobuf::Descriptor* request,
                        const google::protobuf::Descriptor* response, Handler handler) {
  const auto* found = service_->FindMethodByName(method);
  if (found == nullptr) Abort(absl::StrCat(service_->full_name(), " has no method ", method));
  if (found->input_type() != request || found->output_type() != response ||
      found->client_streaming() || found->server_streaming()) {
    Abort(absl::StrCat(PathOf(*found), " has other types than its handler"));
  }
  Route route{found, found->options().GetExtension(platform::v1::permission), std::move(handler)};
  auto disclosure = Disclosure::Of(*found);
  if (!disclosure.ok()) {
    Abort(absl::StrCat(PathOf(*found), ": ", disclosure.status().message()));
  }
  route.disclosure = *std::move(disclosure);
  route.suite_wide = found->options().GetExtension(platform::v1::suite_wide);
  if (!router_.routes_.emplace(PathOf(*found), std::move(route)).second) {
    Abort(absl::StrCat(PathOf(*found), " has two handlers"));
  }
}

}  // namespace ieum::rpc
