// The gRPC door of definitions: ieum.reporting.v1.IndicatorService.
#pragma once

#include "ieum/reporting/v1/indicator_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::reporting {

class IndicatorDoor {
 public:
  // All outlive the door.
  IndicatorDoor(ledger::Ledger& ledger, const crypto::Key& page_key)
      : ledger_(ledger), page_key_(page_key) {}
  void Serve(rpc::Router& router);

 private:
  absl::StatusOr<v1::Indicator> Create(rpc::Call& call, const v1::CreateIndicatorRequest& request);
  absl::StatusOr<v1::Indicator> Get(rpc::Call& call, const v1::GetIndicatorRequest& request);
  absl::StatusOr<v1::ListIndicatorsResponse> List(rpc::Call& call,
                                                  const v1::ListIndicatorsRequest& request);
  absl::StatusOr<v1::Indicator> Update(rpc::Call& call, const v1::UpdateIndicatorRequest& request);
  absl::StatusOr<v1::FunnelDefinition> CreateFunnel(
      rpc::Call& call, const v1::CreateFunnelDefinitionRequest& request);
  absl::StatusOr<v1::FunnelDefinition> GetFunnel(rpc::Call& call,
                                                 const v1::GetFunnelDefinitionRequest& request);
  absl::StatusOr<v1::ListFunnelDefinitionsResponse> ListFunnels(
      rpc::Call& call, const v1::ListFunnelDefinitionsRequest& request);

  absl::StatusOr<v1::Indicator> Read(const std::string& name, int version);
  absl::StatusOr<v1::FunnelDefinition> ReadFunnel(const std::string& name);

  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::reporting
