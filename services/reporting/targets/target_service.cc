#include "services/reporting/targets/target_service.h"

#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/reporting/targets/target_commands.h"
#include "services/reporting/targets/target_store.h"

namespace ieum::reporting {

void TargetDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.reporting.v1.TargetService");
  routes.Unary("SetTarget", this, &TargetDoor::Set);
  routes.Unary("GetTarget", this, &TargetDoor::Get);
  routes.Unary("ListTargets", this, &TargetDoor::List);
}

absl::StatusOr<v1::Target> TargetDoor::Set(rpc::Call& call, const v1::SetTargetRequest& request) {
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return SetTarget(work, request); }));
  return Read(answer.name, 0);
}

absl::StatusOr<v1::Target> TargetDoor::Get(rpc::Call&, const v1::GetTargetRequest& request) {
  return Read(request.name(), request.revision());
}

absl::StatusOr<v1::ListTargetsResponse> TargetDoor::List(rpc::Call&,
                                                         const v1::ListTargetsRequest& request) {
  const PlanKey edition = PlanKeyOf(request.parent());
  ASSIGN_OR_RETURN(filter::ListQuery query, rpc::OpenList(request, TargetList(), page_key_));
  query.Where("t.programme = {} AND t.edition = {}", {edition.programme, edition.edition});
  v1::ListTargetsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(ledger_.database().Read("target_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(tx, [&](const db::Row& row) { *response.add_targets() = TargetOf(row); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Target> TargetDoor::Read(const std::string& name, int revision) {
  return rpc::ReadOne(ledger_.database(), "target_get", name,
                      [&](db::Tx& tx) { return FindTarget(tx, PlanKeyOf(name), revision); });
}

}  // namespace ieum::reporting
