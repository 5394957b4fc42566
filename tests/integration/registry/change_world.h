// Changes that need two people, in a test: lists of sensitive fields, requests for whatever one
// person alone is refused, and decisions by somebody else. `manager` asks, `supervisor` decides.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/change_service.pb.h"
#include "platform/access/subject_id.h"
#include "tests/integration/registry/merge_world.h"

namespace ieum::registry {

class ChangeWorld : public MergeWorld {
 public:
  ChangeWorld() : supervisor(world.PeerWith("supervisor")) {}

  absl::StatusOr<v1::SensitiveFieldSet> Guard(const std::vector<std::string>& fields,
                                              const std::string& centre = "") {
    v1::SetSensitiveFieldsRequest request;
    request.set_centre(centre);
    request.mutable_fields()->Assign(fields.begin(), fields.end());
    return Door<v1::SensitiveFieldSet>("SetSensitiveFields", request);
  }

  static v1::UpdatePersonRequest Phone(const std::string& person, const std::string& phone) {
    v1::UpdatePersonRequest request;
    request.mutable_person()->set_name(person);
    request.mutable_person()->set_phone(phone);
    request.mutable_update_mask()->add_paths("phone");
    return request;
  }
  static v1::UpdateOrganizationRequest Number(const std::string& firm, int n) {
    v1::UpdateOrganizationRequest request;
    request.mutable_organization()->set_name(firm);
    request.mutable_organization()->set_business_registration_number(BusinessNumber(n));
    request.mutable_update_mask()->add_paths("business_registration_number");
    return request;
  }
  static v1::RecordOrganizationFactsRequest Region(const std::string& firm,
                                                   const std::string& region) {
    v1::RecordOrganizationFactsRequest request;
    request.set_name(firm);
    v1::OrganizationFacts& facts = *request.mutable_facts();
    facts.set_valid_from("2023-04-01");
    facts.set_total_headcount(20);
    facts.set_women_headcount(9);
    facts.set_regular_headcount(18);
    facts.set_ksic_code("28111");
    facts.set_region_code(region);
    return request;
  }

  static v1::RequestChangeRequest Wish(const v1::UpdatePersonRequest& update) {
    v1::RequestChangeRequest request;
    *request.mutable_update_person() = update;
    request.set_reason("asked for by letter");
    return request;
  }
  static v1::RequestChangeRequest Wish(const v1::UpdateOrganizationRequest& update) {
    v1::RequestChangeRequest request;
    *request.mutable_update_organization() = update;
    request.set_reason("as the certificate has it");
    return request;
  }
  static v1::RequestChangeRequest Wish(const v1::RecordOrganizationFactsRequest& record) {
    v1::RequestChangeRequest request;
    *request.mutable_record_facts() = record;
    request.set_reason("it has moved");
    return request;
  }

  absl::StatusOr<v1::ChangeRequest> Request(const v1::RequestChangeRequest& request,
                                            rpc::Peer* as = nullptr) {
    return Door<v1::ChangeRequest>("RequestChange", request, as);
  }
  // One that waits.
  std::string Waiting(const v1::RequestChangeRequest& request) {
    const auto asked = Request(request);
    EXPECT_TRUE(asked.ok()) << asked.status();
    return asked.ok() ? asked->name() : "";
  }
  absl::StatusOr<v1::ChangeRequest> Approve(const std::string& name, rpc::Peer* as,
                                            const std::string& request_id = "") {
    v1::ApproveChangeRequest request;
    request.set_name(name);
    request.set_request_id(request_id);
    return Door<v1::ChangeRequest>("ApproveChange", request, as);
  }
  absl::StatusOr<v1::ChangeRequest> Approve(const std::string& name) {
    return Approve(name, supervisor.get());
  }
  absl::StatusOr<v1::ChangeRequest> Reject(const std::string& name, rpc::Peer* as) {
    v1::RejectChangeRequest request;
    request.set_name(name);
    request.set_reason("the letter is not signed");
    return Door<v1::ChangeRequest>("RejectChange", request, as);
  }
  absl::StatusOr<v1::ChangeRequest> Withdraw(const std::string& name, rpc::Peer* as = nullptr) {
    v1::WithdrawChangeRequest request;
    request.set_name(name);
    return Door<v1::ChangeRequest>("WithdrawChange", request, as);
  }
  absl::StatusOr<v1::ChangeRequest> GetChange(const std::string& name, rpc::Peer* as = nullptr) {
    v1::GetChangeRequestRequest request;
    request.set_name(name);
    return Door<v1::ChangeRequest>("GetChangeRequest", request, as);
  }
  v1::ChangeState StateOf(const std::string& name) {
    const auto change = GetChange(name);
    EXPECT_TRUE(change.ok()) << change.status();
    return change.ok() ? change->state() : v1::CHANGE_STATE_UNSPECIFIED;
  }
  std::vector<std::string> List(const std::string& filter, rpc::Peer* as = nullptr) {
    v1::ListChangeRequestsRequest request;
    request.set_filter(filter);
    const auto page = Door<v1::ListChangeRequestsResponse>("ListChangeRequests", request, as);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> names;
    if (!page.ok()) return names;
    for (const auto& change : page->change_requests()) {
      EXPECT_TRUE(change.values().empty()) << "a list shows no values";
      names.push_back(change.name());
    }
    return names;
  }

  // That an account is this person's, and whether it is closed.
  void Own(const std::string& account, const std::string& person, bool closed = false) {
    world.Ask(absl::StrCat(
        "INSERT INTO subject (id, account, state, person_id, created_at, updated_at) VALUES ('",
        access::SubjectId(account).ToString(), "', '", account, "', ", closed ? 2 : 1, ", ",
        person.empty() ? "NULL" : absl::StrCat("'", IdOf(person), "'"), ", now(), now())"));
  }

  template <class Response>
  absl::StatusOr<Response> Door(const std::string& method, const google::protobuf::Message& request,
                                rpc::Peer* as = nullptr) {
    return world.Call<Response>("ChangeService/" + method, request, as);
  }

  std::unique_ptr<rpc::Peer> supervisor;
};

// "person.phone: 010-0000-0001 > 010-0000-0002" of each value.
inline std::vector<std::string> ValueLines(const v1::ChangeRequest& change) {
  std::vector<std::string> lines;
  for (const auto& value : change.values()) {
    lines.push_back(absl::StrCat(value.field(), ": ", value.old_value(), " > ", value.new_value()));
  }
  return lines;
}

// A firm and a person, and what one person alone does to them.
class ReviewedChanges : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Organization> Direct(const v1::UpdateOrganizationRequest& request) {
    return world_.Call<v1::Organization>("OrganizationService/UpdateOrganization", request);
  }
  absl::StatusOr<v1::Organization> Direct(const v1::RecordOrganizationFactsRequest& request) {
    return world_.Call<v1::Organization>("OrganizationService/RecordOrganizationFacts", request);
  }
  v1::Organization Firm() {
    v1::GetOrganizationRequest request;
    request.set_name(firm_);
    return *world_.Call<v1::Organization>("OrganizationService/GetOrganization", request);
  }
  std::string Everything() {
    return world_.Ask(
        "SELECT (SELECT count(*) FROM event_log) || '/' || (SELECT count(*) FROM change_request)");
  }

  ChangeWorld changes_;
  World& world_ = changes_.world;
  const std::string firm_ = world_.Firm(1);
  const std::string person_ = changes_.Register("김하나", "010-0000-0001");
};

}  // namespace ieum::registry
