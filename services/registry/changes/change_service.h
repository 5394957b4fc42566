// The gRPC door of changes that need two people.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/registry/v1/change_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/crypto/vault.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"
#include "services/registry/changes/change_commands.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class ChangeDoor {
 public:
  ChangeDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Vault& vault,
             const crypto::Key& page_key)
      : database_(database), ledger_(ledger), keys_(vault), page_key_(page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::ChangeRequest> Request(rpc::Call& call,
                                            const v1::RequestChangeRequest& request);
  absl::StatusOr<v1::ChangeRequest> Approve(rpc::Call& call,
                                            const v1::ApproveChangeRequest& request);
  absl::StatusOr<v1::ChangeRequest> Reject(rpc::Call& call, const v1::RejectChangeRequest& request);
  absl::StatusOr<v1::ChangeRequest> Withdraw(rpc::Call& call,
                                             const v1::WithdrawChangeRequest& request);
  absl::StatusOr<v1::ChangeRequest> Get(rpc::Call& call,
                                        const v1::GetChangeRequestRequest& request);
  absl::StatusOr<v1::ListChangeRequestsResponse> List(rpc::Call& call,
                                                      const v1::ListChangeRequestsRequest& request);
  absl::StatusOr<v1::SensitiveFieldSet> SetFields(rpc::Call& call,
                                                  const v1::SetSensitiveFieldsRequest& request);
  absl::StatusOr<v1::ListSensitiveFieldSetsResponse> ListFieldSets(
      rpc::Call& call, const v1::ListSensitiveFieldSetsRequest& request);

 private:
  // With its values.
  absl::StatusOr<v1::ChangeRequest> Read(const base::Scope& scope, const std::string& name);
  template <class Decision>
  absl::StatusOr<v1::ChangeRequest> Decide(rpc::Call& call, const Decision& request,
                                           v1::ChangeState state, ledger::Ledger::UseCase use_case);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const db::PersonKeys keys_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
