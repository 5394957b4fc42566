// The gRPC door of organizations.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/gathered_read.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"
#include "services/registry/organizations/organization_records_service.h"
#include "services/registry/organizations/organization_store.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class OrganizationDoor {
 public:
  OrganizationDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database),
        ledger_(ledger),
        page_key_(page_key),
        records_(database, ledger, page_key),
        views_([this](const std::vector<base::Uuid>& ids) { return ReadViews(ids); }) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Organization> Create(rpc::Call& call,
                                          const v1::CreateOrganizationRequest& request);
  absl::StatusOr<v1::Organization> Get(rpc::Call& call, const v1::GetOrganizationRequest& request);
  absl::StatusOr<v1::ListOrganizationsResponse> List(rpc::Call& call,
                                                     const v1::ListOrganizationsRequest& request);
  absl::StatusOr<v1::Organization> Update(rpc::Call& call,
                                          const v1::UpdateOrganizationRequest& request);
  absl::StatusOr<v1::Organization> RecordFacts(rpc::Call& call,
                                               const v1::RecordOrganizationFactsRequest& request);
  absl::StatusOr<v1::Organization> RecordLabel(rpc::Call& call,
                                               const v1::RecordOrganizationLabelRequest& request);
  absl::StatusOr<v1::Organization> RecordTerm(rpc::Call& call,
                                              const v1::RecordCouncilTermRequest& request);
  absl::StatusOr<v1::SearchOrganizationsResponse> Search(
      rpc::Call& call, const v1::SearchOrganizationsRequest& request);
  absl::StatusOr<v1::Organization> Deactivate(rpc::Call& call,
                                              const v1::DeactivateOrganizationRequest& request);

 private:
  // As it is now, with the facts in force today.
  absl::StatusOr<v1::Organization> Read(const std::string& name);
  // Of what is recorded beside the organization's own entry.
  template <class Request>
  absl::StatusOr<v1::Organization> Record(rpc::Call& call, const Request& request,
                                          ledger::Ledger::UseCase use_case);
  using Views = db::GatheredRead<base::Uuid, OrganizationView>;
  absl::StatusOr<Views::Found> ReadViews(const std::vector<base::Uuid>& ids);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
  OrganizationRecordsDoor records_;
  Views views_;
};

}  // namespace ieum::registry
