// The gRPC door of merges.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/registry/v1/merge_service.pb.h"
#include "platform/base/scope.h"
#include "platform/crypto/seal.h"
#include "platform/crypto/vault.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class MergeDoor {
 public:
  MergeDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Vault& vault,
            const crypto::Key& page_key)
      : database_(database), ledger_(ledger), keys_(vault), page_key_(page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Merge> Merge(rpc::Call& call, const v1::MergePersonsRequest& request);
  absl::StatusOr<v1::Merge> Undo(rpc::Call& call, const v1::UndoMergeRequest& request);
  absl::StatusOr<v1::Merge> Get(rpc::Call& call, const v1::GetMergeRequest& request);
  absl::StatusOr<v1::ListMergesResponse> List(rpc::Call& call,
                                              const v1::ListMergesRequest& request);

 private:
  absl::StatusOr<v1::Merge> Read(const base::Scope& scope, const std::string& name);
  // What would have been.
  absl::StatusOr<v1::Merge> Rehearsed(const rpc::Call& call, const v1::MergePersonsRequest& request,
                                      const base::Uuid& duplicate, const ledger::Answer& answer);

  db::Database& database_;
  ledger::Ledger& ledger_;
  db::PersonKeys keys_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
