#include "services/registry/exports/data_export_service.h"

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/registry/exports/data_export_commands.h"
#include "services/registry/exports/data_export_store.h"
#include "services/registry/organizations/organization.h"
#include "services/registry/people/person.h"

namespace ieum::registry {
namespace {

absl::StatusOr<base::Uuid> IdIn(const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("dataExports/{}", name, "name"));
  return ids[0];
}

v1::DataExport ToWire(const DataExportView& view) {
  const DataExport& request = view.request;
  v1::DataExport wire;
  wire.set_name(DataExportName(request.id));
  wire.set_person(PersonName(request.person_id));
  wire.set_applicant(request.applicant);
  wire.set_channel(request.channel);
  wire.set_received_date(base::FormatDay(request.received));
  wire.set_due_date(base::FormatDay(request.due));
  *wire.mutable_create_time() = base::ToTimestamp(request.created_at);
  wire.set_outcome(request.outcome);
  if (request.settled_at) *wire.mutable_settle_time() = base::ToTimestamp(*request.settled_at);
  wire.set_file_hash(request.file_hash);
  if (request.centre) wire.set_centre(OrganizationName(*request.centre));
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

}  // namespace

void DataExportDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.DataExportService");
  routes.Unary("CreateDataExport", this, &DataExportDoor::Create);
  routes.Unary("GetDataExport", this, &DataExportDoor::Get);
  routes.Unary("ListDataExports", this, &DataExportDoor::List);
  routes.Unary("SettleDataExport", this, &DataExportDoor::Settle);
}

absl::StatusOr<v1::DataExport> DataExportDoor::Read(const rpc::Call& call,
                                                    const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn(name));
  ASSIGN_OR_RETURN(const DataExportView view,
                   rpc::ReadOne(database_, "data_export_get", name,
                                [&](db::Tx& tx) { return FindDataExport(tx, call.scope(), id); }));
  return ToWire(view);
}

absl::StatusOr<v1::DataExport> DataExportDoor::Create(rpc::Call& call,
                                                      const v1::CreateDataExportRequest& request) {
  const v1::DataExport& wanted = request.data_export();
  RequestDataExportInput input{.applicant = wanted.applicant(),
                               .channel = wanted.channel(),
                               .received_date = wanted.received_date()};
  ASSIGN_OR_RETURN(const auto ids,
                   base::IdsIn("persons/{}", wanted.person(), "data_export.person"));
  input.person_id = ids[0];
  if (!request.data_export_id().empty()) {
    ASSIGN_OR_RETURN(input.id, base::ParseUuid(request.data_export_id(), "data_export_id"));
  }
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return RequestDataExport(work, input);
                   }));
  return Read(call, answer.name);
}

absl::StatusOr<v1::DataExport> DataExportDoor::Get(rpc::Call& call,
                                                   const v1::GetDataExportRequest& request) {
  return Read(call, request.name());
}

absl::StatusOr<v1::ListDataExportsResponse> DataExportDoor::List(
    rpc::Call& call, const v1::ListDataExportsRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, DataExportList(), page_key_));
  v1::ListDataExportsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("data_export_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(tx, [&](const db::Row& row) {
      *response.add_data_exports() = ToWire(ReadDataExportView(row));
    });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::DataExport> DataExportDoor::Settle(rpc::Call& call,
                                                      const v1::SettleDataExportRequest& request) {
  SettleDataExportInput input{
      .outcome = request.outcome(), .file_hash = request.file_hash(), .etag = request.etag()};
  ASSIGN_OR_RETURN(input.id, IdIn(request.name()));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return SettleDataExport(work, input);
                   }));
  return Read(call, answer.name);
}

}  // namespace ieum::registry
