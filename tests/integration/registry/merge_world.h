// Two records of one person in a test: merges over gRPC, and all rows of the registry to be
// compared.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/merge_service.pb.h"
#include "tests/integration/registry/consent_world.h"

namespace ieum::registry {

class MergeWorld {
 public:
  explicit MergeWorld(const std::string& korea_time = "2023-05-02 11:00") : consents(korea_time) {}

  // A person with this phone; "" = none.
  std::string Register(const std::string& full_name, const std::string& phone = "",
                       const std::string& centre = "");
  absl::StatusOr<v1::Person> Get(const std::string& person, rpc::Peer* as = nullptr);
  v1::Person Known(const std::string& person);
  absl::StatusOr<v1::Person> SetPhone(const std::string& person, const std::string& phone);

  v1::MergePersonsRequest Wanted(const std::string& survivor, const std::string& duplicate,
                                 const std::vector<std::string>& taken = {});
  absl::StatusOr<v1::Merge> Merge(const v1::MergePersonsRequest& request, rpc::Peer* as = nullptr);
  absl::StatusOr<v1::Merge> Merge(const std::string& survivor, const std::string& duplicate,
                                  const std::vector<std::string>& taken = {});
  absl::StatusOr<v1::Merge> Undo(const std::string& merge, rpc::Peer* as = nullptr);

  std::string Affiliate(const std::string& person, const std::string& firm,
                        v1::AffiliationRole role = v1::AFFILIATION_ROLE_CONTACT);
  // `to`: "" = it goes on.
  absl::StatusOr<v1::Affiliation> Employ(const std::string& person, const std::string& firm,
                                         const std::string& from, const std::string& to = "");
  std::vector<v1::Affiliation> Affiliations(const std::string& person);
  // Of a person herself.
  absl::StatusOr<v1::Enrolment> Enrol(const std::string& campaign, const std::string& person);
  // With a contact.
  absl::StatusOr<v1::Lead> Lead(const std::string& firm, const std::string& contact);

  // Every row of every table that a merge may touch and an undone one must restore, by table: what
  // is sealed is left out (values come by Known), and so is what only ever grows: versions, and how
  // often an employer was corrected.
  std::map<std::string, std::string> Rows();

  ConsentWorld consents;
  World& world = consents.world;
};

}  // namespace ieum::registry
