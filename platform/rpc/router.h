// Where doors hang their handlers. A handler takes the request and answers the response or a
// refusal; it runs on the bounded executor, never on a gRPC thread, and only after deadline,
// identity, permission, text and annotation checks have passed.
//
//   void OrganizationDoor::Serve(rpc::Router& router) {
//     rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.OrganizationService");
//     routes.Unary("CreateOrganization", this, &OrganizationDoor::Create);
//   }
//   absl::StatusOr<v1::Organization> Create(rpc::Call& call, const v1::CreateOrganizationRequest&
//   request);
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "platform/rpc/call.h"

namespace ieum::rpc {

class Disclosure;

using Handler = std::function<absl::StatusOr<std::unique_ptr<google::protobuf::Message>>(
    Call&, const google::protobuf::Message&)>;

struct Route {
  const google::protobuf::MethodDescriptor* method;
  std::string permission;  // from the method option
  Handler handler;
  std::shared_ptr<const Disclosure> disclosure;  // null: gives no personal data away
  bool suite_wide = false;  // from the method option: for those who act for every centre
};

class ServiceRoutes;

// Filled at start; Server takes it. A missing handler, permission or unsupported validation rule
// stops the process at start with a message naming it.
class Router {
 public:
  // `full_name` must be a linked-in service; a mistake aborts at start.
  ServiceRoutes Service(const std::string& full_name);
  // Every method of every opened service must have a handler and a permission.
  absl::Status Check() const;
  const std::map<std::string, Route>& routes() const { return routes_; }  // key "/pkg.Svc/Method"
  const std::vector<const google::protobuf::ServiceDescriptor*>& services() const {
    return services_;
  }

 private:
  friend class ServiceRoutes;
  std::map<std::string, Route> routes_;
  std::vector<const google::protobuf::ServiceDescriptor*> services_;
};

class ServiceRoutes {
 public:
  ServiceRoutes(Router& router, const google::protobuf::ServiceDescriptor* service)
      : router_(router), service_(service) {}

  template <class Door, class Request, class Response>
  void Unary(const std::string& method, Door* door,
             absl::StatusOr<Response> (Door::*handler)(Call&, const Request&)) {
    Add(method, Request::descriptor(), Response::descriptor(),
        [door, handler](Call& call, const google::protobuf::Message& request)
            -> absl::StatusOr<std::unique_ptr<google::protobuf::Message>> {
          absl::StatusOr<Response> answer =
              (door->*handler)(call, static_cast<const Request&>(request));
          if (!answer.ok()) return answer.status();
          return std::make_unique<Response>(*std::move(answer));
        });
  }

 private:
  // Aborts at start when the method does not exist or has other types.
  void Add(const std::string& method, const google::protobuf::Descriptor* request,
           const google::protobuf::Descriptor* response, Handler handler);
  Router& router_;
  const google::protobuf::ServiceDescriptor* service_;
};

}  // namespace ieum::rpc
