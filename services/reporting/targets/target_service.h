// The gRPC door of targets: ieum.reporting.v1.TargetService.
#pragma once

#include "ieum/reporting/v1/target_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::reporting {

class TargetDoor {
 public:
  TargetDoor(ledger::Ledger& ledger, const crypto::Key& page_key)
      : ledger_(ledger), page_key_(page_key) {}
  void Serve(rpc::Router& router);

 private:
  absl::StatusOr<v1::Target> Set(rpc::Call& call, const v1::SetTargetRequest& request);
  absl::StatusOr<v1::Target> Get(rpc::Call& call, const v1::GetTargetRequest& request);
  absl::StatusOr<v1::ListTargetsResponse> List(rpc::Call& call,
                                               const v1::ListTargetsRequest& request);
  absl::StatusOr<v1::Target> Read(const std::string& name, int revision);

  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::reporting
