#include "services/reporting/indicators/indicator_service.h"

#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/reporting/indicators/definition.h"
#include "services/reporting/indicators/indicator_commands.h"
#include "services/reporting/indicators/indicator_store.h"

namespace ieum::reporting {

void IndicatorDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.reporting.v1.IndicatorService");
  routes.Unary("CreateIndicator", this, &IndicatorDoor::Create);
  routes.Unary("GetIndicator", this, &IndicatorDoor::Get);
  routes.Unary("ListIndicators", this, &IndicatorDoor::List);
  routes.Unary("UpdateIndicator", this, &IndicatorDoor::Update);
  routes.Unary("CreateFunnelDefinition", this, &IndicatorDoor::CreateFunnel);
  routes.Unary("GetFunnelDefinition", this, &IndicatorDoor::GetFunnel);
  routes.Unary("ListFunnelDefinitions", this, &IndicatorDoor::ListFunnels);
}

absl::StatusOr<v1::Indicator> IndicatorDoor::Create(rpc::Call& call,
                                                    const v1::CreateIndicatorRequest& request) {
  if (request.validate_only()) {
    RETURN_IF_ERROR(CheckDefinition(request.indicator()));
    return request.indicator();
  }
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return DefineIndicator(work, request.indicator_id(), request.indicator());
                   }));
  return Read(answer.name, 0);
}

absl::StatusOr<v1::Indicator> IndicatorDoor::Get(rpc::Call&,
                                                 const v1::GetIndicatorRequest& request) {
  return Read(request.name(), request.version());
}

absl::StatusOr<v1::ListIndicatorsResponse> IndicatorDoor::List(
    rpc::Call&, const v1::ListIndicatorsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query, rpc::OpenList(request, IndicatorList(), page_key_));
  v1::ListIndicatorsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(ledger_.database().Read("indicator_list", [&](db::Tx& tx) {
    response.Clear();
    next =
        query.Read(tx, [&](const db::Row& row) { *response.add_indicators() = IndicatorOf(row); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Indicator> IndicatorDoor::Update(rpc::Call& call,
                                                    const v1::UpdateIndicatorRequest& request) {
  if (request.validate_only()) {
    RETURN_IF_ERROR(CheckDefinition(request.indicator()));
    return request.indicator();
  }
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return RedefineIndicator(work, request.indicator(), request.update_mask());
                   }));
  return Read(answer.name, 0);
}

absl::StatusOr<v1::FunnelDefinition> IndicatorDoor::CreateFunnel(
    rpc::Call& call, const v1::CreateFunnelDefinitionRequest& request) {
  ASSIGN_OR_RETURN(
      const ledger::Answer answer, call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
        return DefineFunnel(work, request.funnel_definition_id(), request.funnel_definition());
      }));
  return ReadFunnel(answer.name);
}

absl::StatusOr<v1::FunnelDefinition> IndicatorDoor::GetFunnel(
    rpc::Call&, const v1::GetFunnelDefinitionRequest& request) {
  return ReadFunnel(request.name());
}

absl::StatusOr<v1::ListFunnelDefinitionsResponse> IndicatorDoor::ListFunnels(
    rpc::Call&, const v1::ListFunnelDefinitionsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query, rpc::OpenList(request, FunnelList(), page_key_));
  v1::ListFunnelDefinitionsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(ledger_.database().Read("funnel_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(
        tx, [&](const db::Row& row) { *response.add_funnel_definitions() = FunnelOf(row); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Indicator> IndicatorDoor::Read(const std::string& name, int version) {
  return rpc::ReadOne(ledger_.database(), "indicator_get", name,
                      [&](db::Tx& tx) { return FindIndicator(tx, CodeOf(name), version); });
}

absl::StatusOr<v1::FunnelDefinition> IndicatorDoor::ReadFunnel(const std::string& name) {
  return rpc::ReadOne(ledger_.database(), "funnel_get", name,
                      [&](db::Tx& tx) { return FindFunnel(tx, CodeOf(name)); });
}

}  // namespace ieum::reporting
