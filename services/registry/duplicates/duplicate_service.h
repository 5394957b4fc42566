// The gRPC door of the review queue.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/registry/v1/duplicate_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class DuplicateDoor {
 public:
  DuplicateDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::DuplicatePair> GetPair(rpc::Call& call,
                                            const v1::GetDuplicatePairRequest& request);
  absl::StatusOr<v1::ListDuplicatePairsResponse> ListPairs(
      rpc::Call& call, const v1::ListDuplicatePairsRequest& request);
  absl::StatusOr<v1::DuplicatePair> Dismiss(rpc::Call& call,
                                            const v1::DismissDuplicateRequest& request);
  absl::StatusOr<v1::DuplicateScan> StartScan(rpc::Call& call,
                                              const v1::StartDuplicateScanRequest& request);
  absl::StatusOr<v1::DuplicateScan> GetScan(rpc::Call& call,
                                            const v1::GetDuplicateScanRequest& request);

 private:
  absl::StatusOr<v1::DuplicatePair> ReadPair(const rpc::Call& call, const std::string& name);
  absl::StatusOr<v1::DuplicateScan> ReadScan(const std::string& name);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
