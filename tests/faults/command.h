// A command that a client of the load wants to give.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "google/protobuf/message.h"

namespace ieum::faults {

struct Command {
  std::string service;    // "registry"
  std::string method;     // "/ieum.registry.v1.OrganizationService/CreateOrganization"
  std::string aggregate;  // UUID of what it is about
  std::shared_ptr<google::protobuf::Message> request;   // with its request id once it is given
  const google::protobuf::Message* response = nullptr;  // prototype
};

// CommandOf<Organization>("registry", "OrganizationService/CreateOrganization", request, id)
template <class Response, class Request>
Command CommandOf(std::string_view service, std::string_view method, Request request,
                  std::string aggregate) {
  return {std::string(service), fmt::format("/ieum.{}.v1.{}", service, method),
          std::move(aggregate), std::make_shared<Request>(std::move(request)),
          &Response::default_instance()};
}

}  // namespace ieum::faults
