// The gRPC door of campaigns.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/registry/v1/campaign_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class CampaignDoor {
 public:
  CampaignDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Campaign> Create(rpc::Call& call, const v1::CreateCampaignRequest& request);
  absl::StatusOr<v1::Campaign> Get(rpc::Call& call, const v1::GetCampaignRequest& request);
  absl::StatusOr<v1::ListCampaignsResponse> List(rpc::Call& call,
                                                 const v1::ListCampaignsRequest& request);
  absl::StatusOr<v1::Campaign> Update(rpc::Call& call, const v1::UpdateCampaignRequest& request);
  absl::StatusOr<v1::Campaign> Open(rpc::Call& call, const v1::OpenCampaignRequest& request);
  absl::StatusOr<v1::Campaign> Close(rpc::Call& call, const v1::CloseCampaignRequest& request);

 private:
  absl::StatusOr<v1::Campaign> Read(const rpc::Call& call, const std::string& name);
  absl::StatusOr<v1::Campaign> ReadThen(const rpc::Call& call, const std::string& name,
                                        absl::Time instant);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
