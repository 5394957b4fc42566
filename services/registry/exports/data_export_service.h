// The gRPC door of requests for one's own data.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/registry/v1/data_export_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class DataExportDoor {
 public:
  DataExportDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::DataExport> Create(rpc::Call& call,
                                        const v1::CreateDataExportRequest& request);
  absl::StatusOr<v1::DataExport> Get(rpc::Call& call, const v1::GetDataExportRequest& request);
  absl::StatusOr<v1::ListDataExportsResponse> List(rpc::Call& call,
                                                   const v1::ListDataExportsRequest& request);
  absl::StatusOr<v1::DataExport> Settle(rpc::Call& call,
                                        const v1::SettleDataExportRequest& request);

 private:
  absl::StatusOr<v1::DataExport> Read(const rpc::Call& call, const std::string& name);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
