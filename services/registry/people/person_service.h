// The gRPC door of people: the only one through which personal data pass.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"
#include "services/registry/people/person_history_service.h"
#include "services/registry/people/similarity.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class PersonDoor {
 public:
  PersonDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Vault& vault,
             const crypto::Key& page_key, const MatchRules& rules = {})
      : database_(database),
        ledger_(ledger),
        keys_(vault),
        page_key_(page_key),
        rules_(rules),
        history_(database, ledger, vault, page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Person> Create(rpc::Call& call, const v1::CreatePersonRequest& request);
  absl::StatusOr<v1::Person> Get(rpc::Call& call, const v1::GetPersonRequest& request);
  absl::StatusOr<v1::SearchPersonsResponse> Search(rpc::Call& call,
                                                   const v1::SearchPersonsRequest& request);
  absl::StatusOr<v1::Person> Update(rpc::Call& call, const v1::UpdatePersonRequest& request);
  absl::StatusOr<v1::Affiliation> CreateAffiliation(rpc::Call& call,
                                                    const v1::CreateAffiliationRequest& request);
  absl::StatusOr<v1::Affiliation> EndAffiliation(rpc::Call& call,
                                                 const v1::EndAffiliationRequest& request);
  absl::StatusOr<v1::Affiliation> CorrectAffiliation(rpc::Call& call,
                                                     const v1::CorrectAffiliationRequest& request);
  absl::StatusOr<v1::ListAffiliationsResponse> ListAffiliations(
      rpc::Call& call, const v1::ListAffiliationsRequest& request);
  absl::StatusOr<v1::ResolveContactsResponse> ResolveContacts(
      rpc::Call& call, const v1::ResolveContactsRequest& request);
  absl::StatusOr<v1::BatchResolveContactsResponse> BatchResolveContacts(
      rpc::Call& call, const v1::BatchResolveContactsRequest& request);

 private:
  // The person who was registered or linked to, and who else it may be.
  absl::StatusOr<v1::Person> ReadCreated(const rpc::Call& call, const std::string& name,
                                         v1::DuplicatePolicy policy);
  // What was asked for, and who it may be already; nothing is stored.
  absl::StatusOr<v1::Person> RehearseCreate(const rpc::Call& call,
                                            const v1::CreatePersonRequest& request,
                                            const ledger::Answer& answer);
  absl::Status AddCandidates(db::Tx& tx, const rpc::Call& call, const Person& person,
                             v1::DuplicatePolicy policy, v1::Person* wire) const;
  absl::StatusOr<v1::Person> ReadPerson(const rpc::Call& call, const std::string& name);
  absl::StatusOr<v1::Affiliation> ReadAffiliation(const rpc::Call& call, const std::string& name);
  absl::StatusOr<std::vector<absl::StatusOr<v1::ContactAnswer>>> Ask(
      rpc::Call& call, const google::protobuf::Message& request,
      const std::vector<struct ContactQuestion>& questions);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const db::PersonKeys keys_;
  const crypto::Key& page_key_;
  const MatchRules rules_;
  PersonHistoryDoor history_;
};

}  // namespace ieum::registry
