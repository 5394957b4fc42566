// Persons who take part for themselves, over gRPC.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "services/registry/instants.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {

class Participants : public ::testing::Test {
 protected:
  using Change = std::function<void(v1::CreateEnrolmentRequest*)>;
  absl::StatusOr<v1::Enrolment> TryEnrol(const std::string& campaign, const std::string& person,
                                         const Change& change = {}, rpc::Peer* as = nullptr) {
    v1::CreateEnrolmentRequest request;
    request.set_parent(campaign);
    request.mutable_enrolment()->set_person(person);
    if (change) change(&request);
    return world_.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", request, as);
  }
  v1::Enrolment Enrol(const std::string& campaign, const std::string& person,
                      const std::string& day = "") {
    const auto enrolment = TryEnrol(campaign, person, [&](v1::CreateEnrolmentRequest* request) {
      request->mutable_enrolment()->set_applied_date(day);
    });
    EXPECT_TRUE(enrolment.ok()) << enrolment.status();
    return enrolment.value_or(v1::Enrolment());
  }
  absl::StatusOr<v1::Affiliation> TryEmploy(
      const std::string& person, const std::string& firm, const std::string& from,
      const std::string& to = "", v1::AffiliationRole role = v1::AFFILIATION_ROLE_EMPLOYEE) {
    v1::CreateAffiliationRequest request;
    request.set_parent(person);
    v1::Affiliation& affiliation = *request.mutable_affiliation();
    affiliation.set_organization(firm);
    affiliation.set_role(role);
    affiliation.set_start_date(from);
    affiliation.set_end_date(to);
    return world_.Call<v1::Affiliation>("PersonService/CreateAffiliation", request);
  }
  std::string Employ(const std::string& person, const std::string& firm, const std::string& from,
                     const std::string& to = "") {
    const auto affiliation = TryEmploy(person, firm, from, to);
    EXPECT_TRUE(affiliation.ok()) << affiliation.status();
    return affiliation.ok() ? affiliation->name() : "";
  }
  absl::StatusOr<v1::Affiliation> Leave(const std::string& affiliation, const std::string& last) {
    v1::EndAffiliationRequest request;
    request.set_name(affiliation);
    request.set_end_date(last);
    return world_.Call<v1::Affiliation>("PersonService/EndAffiliation", request);
  }
  absl::StatusOr<v1::Affiliation> Correct(const std::string& affiliation, const std::string& from,
                                          const std::string& to = "",
                                          const std::string& etag = "") {
    v1::CorrectAffiliationRequest request;
    request.set_name(affiliation);
    request.set_start_date(from);
    request.set_end_date(to);
    request.set_etag(etag);
    return world_.Call<v1::Affiliation>("PersonService/CorrectAffiliation", request);
  }
  template <class Request>
  absl::StatusOr<v1::Enrolment> Say(const std::string& method, const std::string& name) {
    Request request;
    request.set_name(name);
    return world_.Call<v1::Enrolment>("EnrolmentService/" + method, request);
  }
  absl::StatusOr<v1::Enrolment> Withdraw(const std::string& name) {
    v1::WithdrawEnrolmentRequest request;
    request.set_name(name);
    request.set_reason(v1::WITHDRAWAL_REASON_REQUESTED);
    return world_.Call<v1::Enrolment>("EnrolmentService/WithdrawEnrolment", request);
  }
  v1::Enrolment Get(const v1::Enrolment& enrolment) {
    return world_.GetEnrolment(enrolment.name()).value();
  }
  int Count(const std::string& filter) {
    v1::ListEnrolmentsRequest request;
    request.set_parent("campaigns/-");
    request.set_filter(filter);
    const auto page =
        world_.Call<v1::ListEnrolmentsResponse>("EnrolmentService/ListEnrolments", request);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? page->enrolments_size() : -1;
  }

  World world_;  // 2 May 2023, 11:00
};

}  // namespace ieum::registry
