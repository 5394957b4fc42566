// The gRPC door of leads.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/registry/v1/lead_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class LeadDoor {
 public:
  LeadDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Lead> Create(rpc::Call& call, const v1::CreateLeadRequest& request);
  absl::StatusOr<v1::Lead> Get(rpc::Call& call, const v1::GetLeadRequest& request);
  absl::StatusOr<v1::ListLeadsResponse> List(rpc::Call& call, const v1::ListLeadsRequest& request);
  absl::StatusOr<v1::Lead> Sign(rpc::Call& call, const v1::SignLeadRequest& request);
  absl::StatusOr<v1::Lead> Contact(rpc::Call& call, const v1::ContactLeadRequest& request);
  absl::StatusOr<v1::Lead> Enrol(rpc::Call& call, const v1::EnrolLeadRequest& request);
  absl::StatusOr<v1::Lead> Lose(rpc::Call& call, const v1::LoseLeadRequest& request);

 private:
  absl::StatusOr<v1::Lead> Read(const rpc::Call& call, const std::string& name);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
