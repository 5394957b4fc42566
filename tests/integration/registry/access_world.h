// The door of grants in a test, beside the registry of world.h: its own server, who may call it,
// and two centres.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ieum/registry/v1/access_service.pb.h"
#include "platform/access/grant_book.h"
#include "platform/access_log/access_log.h"
#include "services/registry/access/access.h"
#include "services/registry/access/access_service.h"
#include "services/registry/access/expiry.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {

// Accounts are known by tokens without roles; what they hold is given in the test. Only `chief`
// (programme_manager and access_manager everywhere) holds something from the start.
class AccessWorld {
 public:
  explicit AccessWorld(const std::optional<base::Uuid>& always_told = std::nullopt);
  ~AccessWorld();

  // `method`: "GiveGrant". `as`: "chief", "staff/kim", "staff/lee", "staff/park".
  template <class Response>
  absl::StatusOr<Response> Call(const std::string& method, const google::protobuf::Message& request,
                                const std::string& as = "chief") {
    Response response;
    RETURN_IF_ERROR(peers_.at(as)->Call("/ieum.registry.v1.AccessService/" + method, request,
                                        &response, absl::Seconds(30)));
    return response;
  }
  static v1::GiveGrantRequest Wish(const std::string& account, const std::string& role,
                                   const std::string& centre);
  absl::StatusOr<v1::Grant> Give(const std::string& account, const std::string& role,
                                 const std::string& centre, const std::string& as = "chief") {
    return Call<v1::Grant>("GiveGrant", Wish(account, role, centre), as);
  }
  absl::StatusOr<v1::Grant> Revoke(const std::string& name, const std::string& as = "chief");
  absl::StatusOr<v1::Subject> Close(const std::string& account, const std::string& as = "chief");
  absl::StatusOr<v1::ListGrantsResponse> List(const std::string& filter = "",
                                              const std::string& as = "chief");
  absl::StatusOr<v1::Grant> Break(const std::string& centre, const std::string& as,
                                  int minutes = 60);
  // A person whose data the centre keeps, and what an account is shown of her.
  std::string PersonOf(const std::string& centre, const std::string& full_name);
  absl::StatusOr<v1::Person> GetPerson(const std::string& name, const std::string& as);
  // Runs the work that is due now.
  void Expire();
  std::string Organization(v1::OrganizationKind kind);

  World world;
  int organizations = 500;  // made so far
  const std::string here = Organization(v1::ORGANIZATION_KIND_CENTRE);
  const std::string there = Organization(v1::ORGANIZATION_KIND_CENTRE);

  telemetry::Metrics metrics{"registry"};

 private:
  const rpc::Roles roles_ = rpc::Roles::Shipped();
  access::GrantBook book_{world.database.database(), world.clock, metrics};
  crypto::Key page_key_;
  access_log::AccessLog access_log_{world.database.database()};
  AccessDoor door_;
  PersonDoor people_{world.database.database(), world.ledger, world.vault(), page_key_};
  rpc::Router router_;
  std::unique_ptr<rpc::Server> server_;
  std::map<std::string, std::unique_ptr<rpc::Peer>> peers_;
};

}  // namespace ieum::registry
