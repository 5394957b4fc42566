// The gRPC door of rebuilds: ieum.reporting.v1.RebuildService.
#pragma once

#include "ieum/reporting/v1/rebuild_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::reporting {

class RebuildDoor {
 public:
  RebuildDoor(ledger::Ledger& ledger, const crypto::Key& page_key)
      : ledger_(ledger), page_key_(page_key) {}
  void Serve(rpc::Router& router);

 private:
  absl::StatusOr<v1::Rebuild> Create(rpc::Call& call, const v1::CreateRebuildRequest& request);
  absl::StatusOr<v1::Rebuild> Get(rpc::Call& call, const v1::GetRebuildRequest& request);
  absl::StatusOr<v1::ListRebuildsResponse> List(rpc::Call& call,
                                                const v1::ListRebuildsRequest& request);
  absl::StatusOr<v1::Rebuild> Read(const std::string& name);

  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::reporting
