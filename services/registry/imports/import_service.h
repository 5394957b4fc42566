// The gRPC door of imports.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/import_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"
#include "services/registry/people/similarity.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class ImportDoor {
 public:
  ImportDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Vault& vault,
             const crypto::Key& page_key, MatchRules rules = {})
      : database_(database), ledger_(ledger), keys_(vault), page_key_(page_key), rules_(rules) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Import> Create(rpc::Call& call, const v1::CreateImportRequest& request);
  absl::StatusOr<v1::Import> Get(rpc::Call& call, const v1::GetImportRequest& request);
  absl::StatusOr<v1::ListImportsResponse> List(rpc::Call& call,
                                               const v1::ListImportsRequest& request);
  absl::StatusOr<v1::UploadImportRowsResponse> Upload(rpc::Call& call,
                                                      const v1::UploadImportRowsRequest& request);
  absl::StatusOr<v1::ListImportRowsResponse> ListRows(rpc::Call& call,
                                                      const v1::ListImportRowsRequest& request);
  absl::StatusOr<v1::Import> Complete(rpc::Call& call, const v1::CompleteImportRequest& request);

 private:
  absl::StatusOr<v1::Import> Read(const rpc::Call& call, const std::string& name);
  absl::StatusOr<v1::UploadImportRowsResponse> ReadChunk(const base::Uuid& import, int number);

  db::Database& database_;
  ledger::Ledger& ledger_;
  db::PersonKeys keys_;
  const crypto::Key& page_key_;
  const MatchRules rules_;
};

}  // namespace ieum::registry
