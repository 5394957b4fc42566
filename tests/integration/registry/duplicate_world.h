// People who are registered twice, over gRPC, for tests of what is said about that.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/duplicate_service.pb.h"
#include "services/registry/duplicates/duplicate_scan.h"
#include "tests/integration/registry/world.h"
#include "tests/support/centres.h"

namespace ieum::registry {

// Calls without `as` are those of a manager of the whole suite.
class Duplicates : public ::testing::Test {
 protected:
  static v1::CreatePersonRequest Wanted(const std::string& full_name, const std::string& phone = "",
                                        int birth_year = 0) {
    v1::CreatePersonRequest request;
    request.mutable_person()->set_full_name(full_name);
    request.mutable_person()->set_phone(phone);
    request.mutable_person()->set_birth_year(birth_year);
    request.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
    return request;
  }
  absl::StatusOr<v1::Person> Create(const v1::CreatePersonRequest& request,
                                    rpc::Peer* as = nullptr) {
    return world_.Call<v1::Person>("PersonService/CreatePerson", request, as);
  }
  // The name of one whom nobody is asked about.
  std::string Register(const v1::CreatePersonRequest& request, rpc::Peer* as = nullptr) {
    const auto person = Create(request, as);
    EXPECT_TRUE(person.ok()) << person.status();
    return person.ok() ? person->name() : "";
  }
  absl::StatusOr<v1::Person> Unasked(v1::CreatePersonRequest request, v1::DuplicatePolicy policy,
                                     rpc::Peer* as = nullptr) {
    request.set_duplicate_policy(policy);
    return Create(request, as);
  }
  std::vector<v1::DuplicatePair> Pairs(rpc::Peer* as = nullptr, const std::string& filter = "") {
    v1::ListDuplicatePairsRequest request;
    request.set_filter(filter);
    request.set_page_size(500);
    const auto page = world_.Call<v1::ListDuplicatePairsResponse>(
        "DuplicateService/ListDuplicatePairs", request, as);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return {};
    return {page->duplicate_pairs().begin(), page->duplicate_pairs().end()};
  }
  absl::StatusOr<v1::DuplicatePair> Dismiss(const std::string& name, const std::string& etag = "") {
    v1::DismissDuplicateRequest request;
    request.set_name(name);
    request.set_etag(etag);
    return world_.Call<v1::DuplicatePair>("DuplicateService/DismissDuplicate", request);
  }
  absl::StatusOr<v1::DuplicateScan> StartScan() {
    return world_.Call<v1::DuplicateScan>("DuplicateService/StartDuplicateScan",
                                          v1::StartDuplicateScanRequest());
  }
  v1::DuplicateScan GetScan(const std::string& name) {
    v1::GetDuplicateScanRequest request;
    request.set_name(name);
    return world_.Call<v1::DuplicateScan>("DuplicateService/GetDuplicateScan", request).value();
  }
  v1::DuplicateScan ScanAll() {
    const auto scan = StartScan();
    EXPECT_TRUE(scan.ok()) << scan.status();
    world_.DoDue(DuplicateScanning(world_.ledger, world_.vault()));
    return GetScan(scan->name());
  }
  void Centres() {
    world_.Centre(ieum::testing::kCentreA, 901);
    world_.Centre(ieum::testing::kCentreB, 902);
    a_ = world_.PeerWith("centre-a");
    b_ = world_.PeerWith("centre-b");
    ab_ = world_.PeerWith("centre-ab");
  }

  World world_;
  std::unique_ptr<rpc::Peer> a_, b_, ab_;
};

}  // namespace ieum::registry
