#include "services/reporting/rebuilds/rebuild_service.h"

#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/reporting/rebuilds/rebuild_commands.h"
#include "services/reporting/rebuilds/rebuild_store.h"

namespace ieum::reporting {

void RebuildDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.reporting.v1.RebuildService");
  routes.Unary("CreateRebuild", this, &RebuildDoor::Create);
  routes.Unary("GetRebuild", this, &RebuildDoor::Get);
  routes.Unary("ListRebuilds", this, &RebuildDoor::List);
}

absl::StatusOr<v1::Rebuild> RebuildDoor::Create(rpc::Call& call,
                                                const v1::CreateRebuildRequest& request) {
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return StartRebuild(work, request);
                   }));
  return Read(answer.name);
}

absl::StatusOr<v1::Rebuild> RebuildDoor::Get(rpc::Call&, const v1::GetRebuildRequest& request) {
  return Read(request.name());
}

absl::StatusOr<v1::ListRebuildsResponse> RebuildDoor::List(rpc::Call&,
                                                           const v1::ListRebuildsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query, rpc::OpenList(request, RebuildList(), page_key_));
  v1::ListRebuildsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(ledger_.database().Read("rebuild_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(tx, [&](const db::Row& row) { *response.add_rebuilds() = RebuildOf(row); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Rebuild> RebuildDoor::Read(const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("rebuilds/{}", name, "name"));
  return rpc::ReadOne(ledger_.database(), "rebuild_get", name,
                      [&](db::Tx& tx) { return FindRebuild(tx, ids[0]); });
}

}  // namespace ieum::reporting
