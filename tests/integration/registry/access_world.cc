#include "tests/integration/registry/access_world.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace ieum::registry {
namespace {

constexpr char kTokens[] = R"([
  {"token": "chief", "subject": "staff/chief", "roles": ["programme_manager", "access_manager"]},
  {"token": "staff/kim", "subject": "staff/kim"},
  {"token": "staff/lee", "subject": "staff/lee"},
  {"token": "staff/park", "subject": "staff/park"},
  {"token": "claimed", "subject": "staff/kim", "roles": ["programme_manager"]}])";

}  // namespace

AccessWorld::AccessWorld(const std::optional<base::Uuid>& always_told)
    : door_({world.database.database(), world.ledger, roles_, book_, page_key_, always_told,
             metrics}) {
  door_.Serve(router_);
  people_.Serve(router_);
  EXPECT_TRUE(book_.Refresh().ok());
  rpc::ServerOptions options;
  options.service = "registry";
  options.grants = &book_;
  options.access_log = &access_log_;
  server_ = std::make_unique<rpc::Server>(
      options, router_, rpc::Authenticator::FromTokens(kTokens).value(), roles_, metrics);
  const absl::Status started = server_->Start();
  EXPECT_TRUE(started.ok()) << started;
  server_->SetServing(true);
  for (const char* token : {"chief", "staff/kim", "staff/lee", "staff/park", "claimed"}) {
    peers_[token] = std::make_unique<rpc::Peer>(
        rpc::PeerOptions{"registry", absl::StrCat("127.0.0.1:", server_->grpc_port()), token});
  }
}

AccessWorld::~AccessWorld() { server_->Drain(); }

v1::GiveGrantRequest AccessWorld::Wish(const std::string& account, const std::string& role,
                                       const std::string& centre) {
  v1::GiveGrantRequest request;
  request.set_account(account);
  request.set_role(role);
  request.set_centre(centre);
  request.set_reason("works there from today on");
  return request;
}

absl::StatusOr<v1::Grant> AccessWorld::Revoke(const std::string& name, const std::string& as) {
  v1::RevokeGrantRequest request;
  request.set_name(name);
  request.set_reason("other tasks");
  return Call<v1::Grant>("RevokeGrant", request, as);
}

absl::StatusOr<v1::Subject> AccessWorld::Close(const std::string& account, const std::string& as) {
  v1::CloseSubjectRequest request;
  request.set_account(account);
  request.set_reason("left");
  return Call<v1::Subject>("CloseSubject", request, as);
}

absl::StatusOr<v1::ListGrantsResponse> AccessWorld::List(const std::string& filter,
                                                         const std::string& as) {
  v1::ListGrantsRequest request;
  request.set_parent("subjects/-");
  request.set_filter(filter);
  request.set_order_by("give_time");
  return Call<v1::ListGrantsResponse>("ListGrants", request, as);
}

absl::StatusOr<v1::Grant> AccessWorld::Break(const std::string& centre, const std::string& as,
                                             int minutes) {
  v1::BreakGlassRequest request;
  request.set_centre(centre);
  request.set_cause(v1::BREAK_GLASS_CAUSE_DANGER);
  request.set_reason("a caller is in danger now");
  request.set_resource("persons/0190b0c0-0000-7000-8000-000000000001");
  request.set_minutes(minutes);
  return Call<v1::Grant>("BreakGlass", request, as);
}

std::string AccessWorld::PersonOf(const std::string& centre, const std::string& full_name) {
  v1::CreatePersonRequest request;
  request.mutable_person()->set_full_name(full_name);
  request.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
  request.mutable_person()->set_centre(centre);
  const auto made = world.Call<v1::Person>("PersonService/CreatePerson", request);
  EXPECT_TRUE(made.ok()) << made.status();
  return made.ok() ? made->name() : "";
}

absl::StatusOr<v1::Person> AccessWorld::GetPerson(const std::string& name, const std::string& as) {
  v1::GetPersonRequest request;
  request.set_name(name);
  v1::Person person;
  RETURN_IF_ERROR(peers_.at(as)->Call("/ieum.registry.v1.PersonService/GetPerson", request, &person,
                                      absl::Seconds(30)));
  return person;
}

void AccessWorld::Expire() {
  const flow::DueWork work = GrantExpiry(world.ledger);
  const absl::Time now = world.clock.Now().value();
  for (bool more = true; more;) {
    const auto step = work.step(now);
    ASSERT_TRUE(step.ok()) << step.status();
    more = *step;
  }
  EXPECT_EQ(work.count_due(now).value(), 0);
}

std::string AccessWorld::Organization(v1::OrganizationKind kind) {
  v1::CreateOrganizationRequest request;
  v1::Organization& organization = *request.mutable_organization();
  organization.set_kind(kind);
  organization.set_display_name(absl::StrCat("새일센터 ", ++organizations));
  organization.set_business_registration_number(BusinessNumber(organizations));
  const auto made = world.Call<v1::Organization>("OrganizationService/CreateOrganization", request);
  EXPECT_TRUE(made.ok()) << made.status();
  return made.ok() ? made->name() : "";
}

}  // namespace ieum::registry
